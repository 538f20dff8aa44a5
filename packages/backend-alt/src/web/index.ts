/**
 * The Web platform's mechanisms for arborio: timers and macrotasks, on every runtime; no network and no files.
 *
 * ```ts
 * import { webBackend } from "@arborio/backend-alt/web";
 * import { run, sleep } from "@arborio/core";
 *
 * const text = await run(() => sleep(10).then(() => "done"), { backend: webBackend() });
 * console.log(text); // done
 * ```
 *
 * @module
 */
export { webBackend, webBackend as altBackend } from "./backend.ts";
