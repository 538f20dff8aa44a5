import type { Readable } from "node:stream";
import { owned } from "./owned.ts";

interface Read {
  readonly maxBytes: number;
  readonly resolve: (bytes: Uint8Array | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Reads a stream of Node whose high-water mark is 0, and that is paused. One read at a time.
 *
 * From the first read on the stream flows: as long as each chunk finds a read that waits, it goes on without a pause. A
 * chunk that finds none stops the flow, and goes back into the stream, as does what a read leaves of one. So at most
 * one chunk is read that nobody asked for, and the next one stays in the system.
 *
 * Invariant: `listener` listens exactly while the stream flows; nothing of it is kept anywhere but in the stream.
 */
export class FlowingReader {
  private readonly stream: Readable;
  private readonly fault: (error: unknown) => Error;
  private readonly listener = (chunk: Buffer): void => this.receive(chunk);
  private asked: Read | undefined;
  private failure: (() => Error) | undefined;
  private flows = false;

  /** @param fault the stream's error as it is to be thrown */
  constructor(stream: Readable, fault: (error: unknown) => Error) {
    this.stream = stream;
    this.fault = fault;
    stream.on("error", (error) => this.fail(() => fault(error)));
    stream.on("end", () => this.look());
    stream.on("close", () => this.closed());
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => {
      this.asked = { maxBytes, resolve, reject };
      this.look();
    });
  }

  /** Ends the waiting read, and all later ones, with what `failure` makes. The first stays. */
  fail(failure: () => Error): void {
    this.failure ??= failure;
    this.look();
  }

  private look(): void {
    const { asked, stream } = this;
    if (asked === undefined) return;
    if (this.failure !== undefined) this.settled().reject(this.failure());
    else if (stream.readableLength > 0)
      this.receive(stream.read(Math.min(asked.maxBytes, stream.readableLength)) as Buffer);
    else if (stream.readableEnded) this.settled().resolve(null);
    else this.flow();
  }

  private receive(chunk: Buffer): void {
    if (this.asked === undefined) return this.giveBack(chunk);
    const { maxBytes, resolve } = this.settled();
    if (chunk.length <= maxBytes) return resolve(owned(chunk));
    this.giveBack(chunk.subarray(maxBytes));
    resolve(owned(chunk.subarray(0, maxBytes)));
  }

  private settled(): Read {
    const asked = this.asked as Read;
    this.asked = undefined;
    return asked;
  }

  private flow(): void {
    if (this.flows) return;
    this.flows = true;
    this.stream.on("data", this.listener).resume();
  }

  private giveBack(rest: Buffer): void {
    this.flows = false;
    this.stream.off("data", this.listener).pause().unshift(rest);
  }

  private closed(): void {
    if (!this.stream.readableEnded) this.fail(() => this.fault({ code: "ERR_STREAM_DESTROYED" }));
  }
}
