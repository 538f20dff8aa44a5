/**
 * What streams of bytes and of objects are, whatever is below them, and what those who write one need.
 *
 * ```ts
 * import type { ByteReceiveStream } from "@arborio/streams";
 *
 * export async function count(stream: ByteReceiveStream): Promise<number> {
 *   let bytes = 0;
 *   for await (const chunk of stream) bytes += chunk.length;
 *   return bytes;
 * }
 * ```
 *
 * @module
 */
export type { ByteReceiveStream, ByteSendStream, ByteStream } from "./byte-streams.ts";
export { composite } from "./composite.ts";
export { receiveAll } from "./iteration.ts";
export { KeptOperation } from "./kept-operation.ts";
export type { Listener, ServeOptions, SpawnsTasks } from "./listener.ts";
export type { ObjectReceiveStream, ObjectSendStream, ObjectStream } from "./object-streams.ts";
export type { AsyncResource } from "./resource.ts";
