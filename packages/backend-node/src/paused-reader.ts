import type { Readable } from "node:stream";
import { owned } from "./owned.ts";

interface Read {
  readonly maxBytes: number;
  readonly resolve: (bytes: Uint8Array | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads a stream of Node when asked, and not before: it stays in paused mode. One read at a time.
 *
 * The stream is asked for more only while a read waits, so with a high-water mark of 0 it reads from the system only
 * then; what is left of a chunk stays in the stream.
 */
export class PausedReader {
  private readonly stream: Readable;
  private readonly fault: (error: unknown) => Error;
  private asked: Read | undefined;
  private failure: Error | undefined;
  private listens = false;

  /** @param fault the stream's error as it is to be thrown */
  constructor(stream: Readable, fault: (error: unknown) => Error) {
    this.stream = stream;
    this.fault = fault;
    stream.on("error", (error) => this.fail(fault(error)));
    stream.on("end", () => this.deliver());
    stream.on("close", () => this.closed());
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      this.asked = { maxBytes, resolve, reject };
      this.deliver();
    });
  }

  /** Ends the waiting read, and all later ones. The first error stays. */
  fail(error: Error): void {
    this.failure ??= error;
    this.deliver();
  }

  private deliver(): void {
    if (this.asked === undefined) return;
    const { maxBytes, resolve, reject } = this.asked;
    const bytes = this.failure === undefined ? this.take(maxBytes) : undefined;
    if (bytes !== undefined) this.settle(() => resolve(bytes));
    else if (this.failure !== undefined) this.settle(() => reject(this.failure));
    else if (this.stream.readableEnded) this.settle(() => resolve(null));
  }

  private take(maxBytes: number): Uint8Array | undefined {
    // The first listener makes the stream read: not before the first read.
    if (!this.listens) this.stream.on("readable", () => this.deliver());
    this.listens = true;
    const { readableLength } = this.stream;
    const chunk = this.stream.read(
      readableLength > 0 ? Math.min(maxBytes, readableLength) : undefined,
    ) as Buffer | null;
    if (chunk === null) return undefined;
    if (chunk.length <= maxBytes) return owned(chunk);
    this.stream.unshift(chunk.subarray(maxBytes));
    return owned(chunk.subarray(0, maxBytes));
  }

  private settle(outcome: () => void): void {
    this.asked = undefined;
    outcome();
  }

  private closed(): void {
    if (!this.stream.readableEnded) this.fail(this.fault({ code: "ERR_STREAM_DESTROYED" }));
  }
}
