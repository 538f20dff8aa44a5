import {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  EndOfStream,
  type WaitOptions,
} from "@arborio/core";
import { resolved, suspend, yieldFirst, type Waiter } from "@arborio/core/lowlevel";
import type { ByteReceiveStream, ByteSendStream } from "../byte-streams.ts";
import { checkBytes, checkMaxBytes } from "../bytes.ts";
import { receiveAll } from "../iteration.ts";
import type { AsyncResource } from "../resource.ts";
import { ByteBuffer } from "./byte-buffer.ts";

/**
 * One direction of a memory byte stream.
 *
 * Invariant: a receiver waits only while nothing is buffered and no sender waits; a sender waits only while the buffer is full.
 */
export class BytePipe {
  readonly buffer: ByteBuffer = new ByteBuffer();
  readonly size: number;
  /** Who waits to send, and what is left of it. */
  sender: { readonly waiter: Waiter<void>; rest: Uint8Array } | undefined;
  /** Who waits to receive, and how much at most. */
  receiver: { readonly waiter: Waiter<Uint8Array>; readonly maxBytes: number } | undefined;
  sendClosed = false;
  receiveClosed = false;
  /** Whether a send was cancelled (M7). */
  cut = false;

  constructor(size: number) {
    this.size = size;
  }

  /** Hands bytes to a receiver that waits, and to the buffer; gives the rest. */
  write(bytes: Uint8Array): Uint8Array {
    const { receiver } = this;
    if (receiver !== undefined && bytes.length > 0) {
      this.receiver = undefined;
      receiver.waiter.resume(new Uint8Array(bytes.subarray(0, receiver.maxBytes)));
      bytes = bytes.subarray(receiver.maxBytes);
    }
    const room = Math.max(0, this.size - this.buffer.size);
    this.buffer.push(bytes.subarray(0, room));
    return bytes.subarray(room);
  }

  /** Takes at most so many bytes; lets a sender that waits fill their place. */
  read(maxBytes: number): Uint8Array {
    this.#admit(maxBytes - this.buffer.size);
    const bytes = this.buffer.take(maxBytes);
    this.#admit(this.size - this.buffer.size);
    return bytes;
  }

  #admit(room: number): void {
    const { sender } = this;
    if (sender === undefined || room <= 0) return;
    this.buffer.push(sender.rest.subarray(0, room));
    sender.rest = sender.rest.subarray(room);
    if (sender.rest.length > 0) return;
    this.sender = undefined;
    sender.waiter.resume();
  }
}

abstract class PipeEnd implements AsyncResource {
  protected readonly pipe: BytePipe;

  constructor(pipe: BytePipe) {
    this.pipe = pipe;
  }

  close(): Promise<void> {
    this.closeForcefully();
    return resolved();
  }

  abstract closeForcefully(): void;

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

export class PipeSendEnd extends PipeEnd implements ByteSendStream {
  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    checkBytes("send", bytes);
    return yieldFirst(() => this.#send(bytes, options), options);
  }

  override closeForcefully(): void {
    const { pipe } = this;
    pipe.sendClosed = true;
    pipe.sender?.waiter.fail(closedHere("send"));
    pipe.receiver?.waiter.fail(ended());
    pipe.sender = pipe.receiver = undefined;
  }

  #send(bytes: Uint8Array, options: WaitOptions | undefined): Promise<void> {
    const { pipe } = this;
    if (pipe.sendClosed) throw closedHere("send");
    if (pipe.sender !== undefined) throw new BusyResourceError("Cannot send: another task sends");
    if (pipe.cut)
      throw new BrokenResourceError("Cannot send: an earlier send was cancelled, maybe in the middle");
    if (pipe.receiveClosed) throw peerClosed();
    const rest = pipe.write(bytes);
    if (rest.length === 0) return resolved();
    const arm = (waiter: Waiter<void>): (() => void) => {
      pipe.sender = { waiter, rest };
      return () => {
        pipe.sender = undefined;
        pipe.cut = true;
      };
    };
    return suspend(arm, { signal: options?.signal, waitingFor: "room in the memory byte stream" });
  }
}

export class PipeReceiveEnd extends PipeEnd implements ByteReceiveStream {
  receive(maxBytes: number = 65_536, options?: WaitOptions): Promise<Uint8Array> {
    checkMaxBytes("receive", maxBytes);
    return yieldFirst(() => this.#receive(maxBytes, options), options);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return receiveAll(() => this.receive());
  }

  override closeForcefully(): void {
    const { pipe } = this;
    pipe.receiveClosed = true;
    pipe.buffer.clear();
    pipe.receiver?.waiter.fail(closedHere("receive"));
    pipe.sender?.waiter.fail(peerClosed());
    pipe.sender = pipe.receiver = undefined;
  }

  #receive(maxBytes: number, options: WaitOptions | undefined): Uint8Array | Promise<Uint8Array> {
    const { pipe } = this;
    if (pipe.receiveClosed) throw closedHere("receive");
    if (pipe.receiver !== undefined) throw new BusyResourceError("Cannot receive: another task receives");
    if (pipe.buffer.size > 0 || pipe.sender !== undefined) return pipe.read(maxBytes);
    if (pipe.sendClosed) throw ended();
    const arm = (waiter: Waiter<Uint8Array>): (() => void) => {
      pipe.receiver = { waiter, maxBytes };
      return () => (pipe.receiver = undefined);
    };
    return suspend(arm, { signal: options?.signal, waitingFor: "bytes of the memory byte stream" });
  }
}

const closedHere = (action: string): Error =>
  new ClosedResourceError(`Cannot ${action}: the stream was closed on this side`);
const peerClosed = (): Error => new BrokenResourceError("Cannot send: the other side was closed");
const ended = (): Error => new EndOfStream("Cannot receive: the other side has ended the stream");
