/**
 * For authors of streams: operations of a backend that outlive a cancelled wait, iteration, one resource over several, and
 * what is closed without waiting.
 *
 * ```ts
 * import { KeptOperation } from "@arborio/streams/lowlevel";
 *
 * const reading = new KeptOperation<string>();
 * const read = (): Promise<string> => reading.wait(() => Promise.resolve("bytes"), (bytes) => bytes, {});
 * console.log(await read()); // bytes
 * ```
 *
 * @module
 */
export { ClosedAtOnce } from "./closed-at-once.ts";
export { receiveAll } from "./iteration.ts";
export { KeptOperation } from "./kept-operation.ts";
export { Several } from "./stapled/several.ts";
