import type { WaitOptions } from "@arborio/core";
import { runUnder, suspend, type Waiter } from "@arborio/core/lowlevel";
import { checkHas } from "../arguments.ts";
import type { ByteReceiveStream, ByteSendStream, ByteStream } from "../byte-streams.ts";
import { ForeignByteStream } from "./foreign-byte-stream.ts";
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
  write(chunk: Uint8Array, callback: Callback): unknown;
  end(callback: Callback): unknown;
}

type Callback = (error?: Error | null) => void;

/**
 * The bytes of a Readable of Node's, which reads ahead as far as its own high-water mark. Closing it destroys the Readable.
 *
 * **Throws** BrokenResourceError, with the Readable's error as its cause; with a TypeError, if it gives anything but bytes.
 */
export function fromNodeReadable(readable: NodeReadable): ByteReceiveStream {
  return new ForeignByteStream(reading(readable));
}

/**
 * Sends bytes to a Writable of Node's; a `send` returns when that has taken them, not when it has queued them. Closing it ends
 * the Writable, waits until all is written, and destroys it; `closeForcefully` only destroys it, and so does a cancellation.
 *
 * **Throws** BrokenResourceError, with the Writable's error as its cause.
 */
export function fromNodeWritable(writable: NodeWritable): ByteSendStream {
  return new ForeignByteStream(writing(writable));
}

/** Bytes from and to a Duplex of Node's: both of the above. `sendEof` ends its writable side. */
export function fromNodeDuplex(duplex: NodeReadable & NodeWritable): ByteStream {
  return new NodeDuplexStream({ ...reading(duplex), ...writing(duplex) });
}

class NodeDuplexStream extends ForeignByteStream implements ByteStream {
  sendEof(options?: WaitOptions): Promise<void> {
    return this.write(undefined, options);
  }
}

function reading(readable: NodeReadable): Foreign<Uint8Array> {
  checkHas("receive", "iterator", readable);
  const iterator = listened(readable).iterator({ destroyOnReturn: false });
  return {
    name: "Node's stream",
    below: readable,
    read: () => iterator.next() as Promise<IteratorResult<Uint8Array>>,
    close: () => destroyed(readable),
  };
}

function writing(writable: NodeWritable): Foreign<Uint8Array> {
  listened(checkHas("send", "end", writable));
  const write = async (bytes?: Uint8Array): Promise<void> => {
    if (bytes) await called((callback) => writable.write(bytes, callback));
    else if (!writable.writableFinished) await called((callback) => writable.end(callback));
  };
  return {
    name: "Node's stream",
    below: writable,
    write,
    close: async (why) => {
      try {
        if (!why) await write();
      } finally {
        await destroyed(writable);
      }
    },
  };
}

/** Without a listener an error would end the process; whoever uses the stream is told of it. */
function listened<T extends NodeStream>(stream: T): T {
  stream.on("error", () => {});
  return stream;
}

async function destroyed(stream: NodeStream): Promise<void> {
  stream.destroy();
  if (!stream.closed) await called((callback) => stream.once("close", callback));
}

/** Waits for a callback, in no scope: a stream that is destroyed may never call back. */
function called(start: (callback: Callback) => unknown): Promise<void> {
  const arm = (waiter: Waiter<void>): void => {
    start((error) => (error ? waiter.fail(error) : waiter.resume()));
  };
  return runUnder(undefined, () => suspend(arm, { shielded: true, waitingFor: "Node's stream" }));
}
