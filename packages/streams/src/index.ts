/**
 * Streams of bytes and of objects, whatever is below them: buffered, as text, as frames, and to and from those of the platform.
 *
 * ```ts
 * import { BufferedByteReceiveStream, fromByteIterable, TextReceiveStream } from "@arborio/streams";
 *
 * const chunks = ["3:ab", "cand ", "lines\n"].map((text) => new TextEncoder().encode(text));
 * const stream = new BufferedByteReceiveStream(fromByteIterable(chunks));
 * const [count] = await stream.receiveUntil(new TextEncoder().encode(":"), 3);
 * console.log((await stream.receiveExactly(count! - 48)).length); // 3
 * for await (const line of new TextReceiveStream(stream).lines()) console.log(line); // and lines
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
export type { Listener, ServeOptions, SpawnsTasks } from "./listener.ts";
export type { ObjectReceiveStream, ObjectSendStream, ObjectStream } from "./object-streams.ts";
export type { AsyncResource } from "./resource.ts";
export { TextReceiveStream, type LinesOptions, type TextOptions } from "./text/text-receive-stream.ts";
export { TextSendStream } from "./text/text-send-stream.ts";
export { TextStream } from "./text/text-stream.ts";
export type {
  UnreliableObjectReceiveStream,
  UnreliableObjectSendStream,
  UnreliableObjectStream,
} from "./unreliable-streams.ts";
