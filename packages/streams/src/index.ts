/**
 * What streams of bytes and of objects are, whatever is below them.
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
export type { Listener, ServeOptions, SpawnsTasks } from "./listener.ts";
export type { ObjectReceiveStream, ObjectSendStream, ObjectStream } from "./object-streams.ts";
export type { AsyncResource } from "./resource.ts";
export {
  createMemoryObjectStream,
  type MemoryObjectStreamOptions,
} from "./memory/create-memory-object-stream.ts";
export { lifoOrder, priorityOrder, type ItemBuffer, type ItemOrder } from "./memory/order.ts";
export type { MemoryObjectReceiveStream } from "./memory/receive-end.ts";
export type { MemoryObjectSendStream } from "./memory/send-end.ts";
export type { MemoryObjectStreamEnd } from "./memory/stream-end.ts";
export type { MemoryObjectStreamStatistics } from "./memory/channel.ts";
