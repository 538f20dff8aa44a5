/**
 * Node's mechanisms for arborio: timers, macrotasks, sockets, files, standard streams and signals.
 *
 * ```ts
 * import { nodeBackend } from "@arborio/backend-node";
 * import { run } from "@arborio/core";
 * import { readTextFile } from "@arborio/fs";
 *
 * const text = await run(() => readTextFile("package.json"), { backend: nodeBackend() });
 * console.log(typeof text); // string
 * ```
 *
 * @module
 */
export { nodeBackend } from "./backend.ts";
