/**
 * For authors of streams: operations of a backend that outlive a cancelled wait, iteration, and one resource over several.
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
export { receiveAll } from "./iteration.ts";
export { KeptOperation } from "./kept-operation.ts";
export { Several } from "./stapled/several.ts";
