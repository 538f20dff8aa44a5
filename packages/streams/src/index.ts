/**
 * Streams of objects and of bytes: in memory, stapled, merged; buffered, as text, as frames; to and from those of the
 * platform; and what all streams are, whatever is below them.
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
export { fromByteIterable, fromIterable, type AnyIterable } from "./bridges/from-iterable.ts";
export {
  fromNodeDuplex,
  fromNodeReadable,
  fromNodeWritable,
  type NodeReadable,
  type NodeWritable,
} from "./bridges/from-node.ts";
export { fromReadable, fromWritable } from "./bridges/from-web.ts";
export { stderr, stdin, stdout } from "./bridges/standard-streams.ts";
export { receiveThrough, sendThrough, type ByteTransform } from "./bridges/through.ts";
export { toReadable, toWritable } from "./bridges/to-web.ts";
export { BufferedByteReceiveStream } from "./buffered/buffered-byte-receive-stream.ts";
export { BufferedByteStream } from "./buffered/buffered-byte-stream.ts";
export type { ByteReceiveStream, ByteSendStream, ByteStream } from "./byte-streams.ts";
export {
  BufferedConnectable,
  TextConnectable,
  type ByteStreamConnectable,
  type Connectable,
  type ObjectStreamConnectable,
} from "./connectable.ts";
export type { FrameOptions } from "./frames/frame-options.ts";
export { FrameReceiveStream } from "./frames/frame-receive-stream.ts";
export { FrameSendStream } from "./frames/frame-send-stream.ts";
export { FrameStream } from "./frames/frame-stream.ts";
export type { Listener, ServeLimit, ServeOptions, SpawnsTasks } from "./listener.ts";
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
export type { ItemSource } from "./junction.ts";
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
export { TextReceiveStream, type LinesOptions, type TextOptions } from "./text/text-receive-stream.ts";
export { TextSendStream } from "./text/text-send-stream.ts";
export { TextStream } from "./text/text-stream.ts";
export type {
  UnreliableObjectReceiveStream,
  UnreliableObjectSendStream,
  UnreliableObjectStream,
} from "./unreliable-streams.ts";
