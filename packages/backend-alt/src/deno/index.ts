/**
 * Deno's own mechanisms for arborio, without `node:` modules: timers, macrotasks, sockets, files, standard streams, signals.
 *
 * ```ts no-run
 * import { denoBackend } from "@arborio/backend-alt/deno";
 * import { run } from "@arborio/core";
 * import { readTextFile } from "@arborio/fs";
 *
 * const text = await run(() => readTextFile("deno.json"), { backend: denoBackend() });
 * console.log(text);
 * ```
 *
 * @module
 */
export { denoBackend, denoBackend as altBackend } from "./backend.ts";
