import { suspend, type Waiter } from "@arborio/core/lowlevel";
import { checkHas } from "../arguments.ts";
import type { ByteReceiveStream, ByteSendStream, ByteStream } from "../byte-streams.ts";
import { ForeignByteReceiveStream, ForeignByteSendStream, ForeignByteStream } from "./foreign-bytes.ts";
import type { Foreign } from "./foreign-stream.ts";

interface NodeStream {
  readonly closed: boolean;
  destroy(error?: Error): unknown;
  on(event: "error", listener: () => void): unknown;
  once(event: "close", listener: () => void): unknown;
}

/** The part of Node's `stream.Readable` that is used. */
export interface NodeReadable extends NodeStream {
  iterator(options: { destroyOnReturn: boolean }): AsyncIterator<unknown>;
}

/** The part of Node's `stream.Writable` that is used. */
export interface NodeWritable extends NodeStream {
  readonly writableFinished: boolean;
  write(chunk: Uint8Array, callback: (error?: Error | null) => void): unknown;
  end(callback: (error?: Error | null) => void): unknown;
}

/**
 * The bytes of a Readable of Node's, which reads ahead as far as its own high-water mark. Closing it destroys the Readable.
 *
 * **Throws** BrokenResourceError, with the Readable's error as its cause; with a TypeError, if it gives anything but bytes.
 */
export function fromNodeReadable(readable: NodeReadable): ByteReceiveStream {
  return new ForeignByteReceiveStream({
    ...reading(readable, "the Readable"),
    close: () => destroyed(readable),
  });
}

/**
 * Sends bytes to a Writable of Node's; a `send` returns when that has taken them, not when it has queued them. Closing it ends
 * the Writable, waits until all is written, and destroys it; `closeForcefully` only destroys it, and so does a cancellation.
 *
 * **Throws** BrokenResourceError, with the Writable's error as its cause.
 */
export function fromNodeWritable(writable: NodeWritable): ByteSendStream {
  return new ForeignByteSendStream(writing(writable, "the Writable"));
}

/** Bytes from and to a Duplex of Node's: both of the above. `sendEof` ends its writable side. */
export function fromNodeDuplex(duplex: NodeReadable & NodeWritable): ByteStream {
  const name = "the Duplex";
  return new ForeignByteStream({ ...reading(duplex, name), ...writing(duplex, name) });
}

function reading(readable: NodeReadable, name: string): Omit<Foreign<Uint8Array>, "close"> {
  const iterator = listened("receive", "iterator", name, readable).iterator({ destroyOnReturn: false });
  return {
    name,
    read: async () => {
      const { done, value } = await iterator.next();
      return { done, value: value instanceof Uint8Array ? owned(value) : (value as Uint8Array) };
    },
  };
}

function writing(writable: NodeWritable, name: string): Foreign<Uint8Array> {
  listened("send", "write", name, writable);
  const end = async (): Promise<void> => {
    if (!writable.writableFinished)
      await called(`${name} to end`, (waiter) => writable.end(settles(waiter)));
  };
  return {
    name,
    write: (bytes) => called(`${name} to take bytes`, (waiter) => writable.write(bytes, settles(waiter))),
    end,
    close: async (why) => {
      if (why === undefined) await end().finally(() => destroyed(writable));
      else await destroyed(writable);
    },
  };
}

/** Without a listener an error would end the process; whoever uses the stream is told of it. */
function listened<T extends NodeStream>(action: string, method: string, name: string, stream: T): T {
  checkHas(action, method, name, stream).on("error", () => {});
  return stream;
}

function destroyed(stream: NodeStream): Promise<void> | undefined {
  stream.destroy();
  return stream.closed
    ? undefined
    : called("a stream of Node's to close", (waiter) => stream.once("close", () => waiter.resume()));
}

function called(waitingFor: string, start: (waiter: Waiter<void>) => unknown): Promise<void> {
  return suspend<void>((waiter) => void start(waiter), { shielded: true, waitingFor });
}

function settles(waiter: Waiter<void>): (error?: Error | null) => void {
  return (error) => (error ? waiter.fail(error) : waiter.resume());
}

/** As a Uint8Array with memory of its own: Node's buffers may share a pool. */
function owned(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength
    ? new Uint8Array(bytes.buffer as ArrayBuffer)
    : new Uint8Array(bytes);
}
