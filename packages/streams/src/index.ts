/**
 * Streams of objects and of bytes: in memory, stapled, merged; and what all streams are, whatever is below them.
 *
 * ```ts
 * import { createMemoryObjectStream } from "@arborio/streams";
 *
 * const [send, receive] = createMemoryObjectStream<string>(2);
 * await send.send("hello");
 * await send.send("world");
 * send.closeForcefully();
 * for await (const word of receive) console.log(word); // hello, then world
 * ```
 *
 * @module
 */
export type { ByteReceiveStream, ByteSendStream, ByteStream } from "./byte-streams.ts";
export type { Listener, ServeOptions, SpawnsTasks } from "./listener.ts";
export {
  createBroadcastStream,
  type BroadcastOptions,
  type BroadcastStatistics,
  type BroadcastStream,
  type Laggards,
} from "./memory/create-broadcast-stream.ts";
export { createMemoryByteStreams } from "./memory/create-memory-byte-streams.ts";
export {
  createMemoryObjectStream,
  type MemoryObjectStreamOptions,
} from "./memory/create-memory-object-stream.ts";
export {
  createWorkQueue,
  type ShutdownOptions,
  type WorkQueueStatistics,
  type WorkReceiveStream,
  type WorkSendStream,
} from "./memory/create-work-queue.ts";
export type { MemoryObjectStreamStatistics } from "./memory/channel.ts";
export { lifoOrder, priorityOrder, type ItemBuffer, type ItemOrder } from "./memory/order.ts";
export type { MemoryObjectReceiveStream } from "./memory/receive-end.ts";
export type { MemoryObjectSendStream } from "./memory/send-end.ts";
export type { MemoryObjectStreamEnd } from "./memory/stream-end.ts";
export { merge } from "./merge.ts";
export type { ObjectReceiveStream, ObjectSendStream, ObjectStream } from "./object-streams.ts";
export type { AsyncResource } from "./resource.ts";
export type { ItemSource } from "./source.ts";
export { combineListeners } from "./stapled/combine-listeners.ts";
export { stapleByteStreams, type StapledByteStream } from "./stapled/staple-byte-streams.ts";
export { stapleObjectStreams, type StapledObjectStream } from "./stapled/staple-object-streams.ts";
export { tee } from "./tee.ts";
export {
  attributesOf,
  extra,
  typedAttribute,
  type AttributeProvider,
  type Attributes,
  type TypedAttribute,
} from "./typed-attributes.ts";
