import type { Readable } from "node:stream";
import { owned } from "./owned.ts";

interface Read {
  readonly maxBytes: number;
  readonly resolve: (bytes: Uint8Array | null) => void;
  readonly reject: (error: unknown) => void;
}

const NOTHING = Buffer.alloc(0);

/**
 * Reads a stream of Node when it is asked to. One read at a time.
 *
 * Invariant: when Node asks the system for more, nothing is in the stream: what is there is taken out first, and waits in
 * `rest`. For Node drops what is in a stream that fails.
 */
export abstract class StreamReader {
  protected readonly stream: Readable;
  private readonly fault: (error: unknown) => Error;
  private readonly cut: () => unknown;
  /** What was read and not yet asked for. */
  private rest: Buffer = NOTHING;
  private asked: Read | undefined;
  private failure: (() => Error) | undefined;
  private stopped = false;

  /**
   * @param fault the stream's error as it is to be thrown
   * @param cut asked once, at the end: why the stream did not end there, if it was cut off
   */
  constructor(stream: Readable, fault: (error: unknown) => Error, cut: () => unknown = noCut) {
    this.stream = stream;
    this.fault = fault;
    this.cut = cut;
    stream.on("error", (error) => this.fail(() => fault(error)));
    stream.on("end", () => this.ended());
    stream.on("close", () => this.closed());
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      this.asked = { maxBytes, resolve, reject };
      this.look();
    });
  }

  /** Ends the waiting read, and all later ones, with what `failure` makes; what was read before is dropped. */
  stop(failure: () => Error): void {
    this.stopped = true;
    this.fail(failure);
  }

  /** Whether the stream has given all that it had, and its end. */
  protected get hasEnded(): boolean {
    return this.stream.readableEnded;
  }

  /** Whether a read waits. */
  protected get waits(): boolean {
    return this.asked !== undefined;
  }

  /** Makes the stream read, which is empty; returns what it has at once. */
  protected abstract refill(): Buffer | null;

  /** Settles the read that waits, if it can be. */
  protected look(): void {
    if (this.asked === undefined) return;
    if (!this.stopped && this.hasMore()) this.rest = this.give(this.rest);
    else if (this.failure !== undefined) this.settled().reject(this.failure());
    else if (this.hasEnded) this.settled().resolve(null);
    else this.rest = this.giveAtOnce(this.refill());
  }

  private giveAtOnce(chunk: Buffer | null): Buffer {
    return chunk === null ? NOTHING : this.give(chunk);
  }

  /** Gives as much of a chunk as was asked for; returns what is left of it. */
  protected give(chunk: Buffer): Buffer {
    const { maxBytes, resolve } = this.settled();
    const whole = chunk.length <= maxBytes;
    resolve(owned(whole ? chunk : chunk.subarray(0, maxBytes)));
    return whole ? NOTHING : chunk.subarray(maxBytes);
  }

  private hasMore(): boolean {
    if (this.rest.length === 0 && this.stream.readableLength > 0)
      this.rest = (this.stream.read() as Buffer | null) ?? NOTHING;
    return this.rest.length > 0;
  }

  private settled(): Read {
    const asked = this.asked as Read;
    this.asked = undefined;
    return asked;
  }

  /** The first failure stays. */
  private fail(failure: () => Error): void {
    this.failure ??= failure;
    this.look();
  }

  private ended(): void {
    const cut = this.cut();
    if (cut !== undefined) this.fail(() => this.fault(cut));
    this.look();
  }

  private closed(): void {
    if (!this.hasEnded) this.fail(() => this.fault({ code: "ERR_STREAM_DESTROYED" }));
  }
}

const noCut = (): undefined => undefined;
