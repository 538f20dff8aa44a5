import type { RawStream } from "@arborio/core/backend";
import { Duplex } from "node:stream";

const CHUNK = 65_536;
const NOTHING = Buffer.alloc(0);

// RFC 8446 §5.1: content type, version 3.x, length; then at most 2^14 bytes and what encryption adds.
const HEADER = 5;
const CONTENT_TYPES = { first: 20, last: 24 } as const;
const LONGEST = 2 ** 14 + 2_048;

/**
 * A transport as Node's TLS takes one. It gives one record at a time, so that it is known behind which of them TLS
 * ended, and whether it did before the transport; what comes after stays here.
 *
 * Invariant: with a high-water mark of 0 it is asked for a record only when the engine has read the last one.
 *
 * It never closes the transport.
 */
export class RecordDuplex extends Duplex {
  /** What the transport failed with. */
  failure: unknown;
  /** Whether the handshake is done. From then on a failure does not destroy the engine, which may hold what came before it. */
  established = false;
  private readonly transport: RawStream;
  private kept: Buffer = NOTHING;
  private exhausted = false;
  private held = false;
  /** Whether the engine has asked for a record meanwhile. */
  private asked = false;
  private ended: "by close_notify" | "by the transport" | undefined;

  constructor(transport: RawStream) {
    super({ readableHighWaterMark: 0 });
    this.transport = transport;
  }

  /** Whether the engine has read its end. */
  get finished(): boolean {
    return this.ended !== undefined;
  }

  /** Whether the transport ended before TLS. */
  get truncated(): boolean {
    return this.ended === "by the transport";
  }

  /** To be called when the engine has read its end. */
  finish(): void {
    this.ended ??= this.exhausted ? "by the transport" : "by close_notify";
  }

  /** Gives no more records until {@link goOn}. */
  hold(): void {
    this.held = true;
  }

  goOn(): void {
    this.held = false;
    if (!this.asked) return;
    this.asked = false;
    this._read();
  }

  /** Takes what came after the engine's end. */
  leftover(): Uint8Array {
    const { kept } = this;
    this.kept = NOTHING;
    return new Uint8Array(kept);
  }

  override _read(): void {
    if (this.ended !== undefined) return;
    this.asked = this.held;
    if (this.held) return;
    const length = recordLength(this.kept);
    if (length <= this.kept.length) this.give(length);
    else if (this.exhausted) this.push(null);
    else void this.fill();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error) => void): void {
    this.transport.write(chunk).then(
      () => done(),
      (error: unknown) => {
        const failure = this.note(error);
        done(this.established ? undefined : failure);
      },
    );
  }

  // A half-close is a close_notify: the transport stays open, for what follows TLS.
  override _final(done: () => void): void {
    done();
  }

  private give(length: number): void {
    const record = this.kept.subarray(0, length);
    this.kept = this.kept.subarray(length);
    this.push(record);
  }

  private async fill(): Promise<void> {
    try {
      const bytes = await this.transport.read(CHUNK);
      if (bytes === null) this.exhausted = true;
      else
        this.kept =
          this.kept.length === 0
            ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
            : Buffer.concat([this.kept, bytes]);
      this._read();
    } catch (error) {
      const failure = this.note(error);
      if (!this.established) return void this.destroy(failure);
      this.exhausted = true;
      this._read();
    }
  }

  /** An error that is none, as undefined, would be no failure for Node. */
  private note(error: unknown): Error {
    const failure =
      Object(error) === error ? (error as Error) : new Error("the transport failed", { cause: error });
    this.failure ??= failure;
    return failure;
  }
}

/** The length of the first record; what is none goes to the engine as it is, which says so. Infinite if it is not known yet. */
export function recordLength(bytes: Buffer): number {
  const [type = CONTENT_TYPES.first, version = 3] = bytes;
  if (type < CONTENT_TYPES.first || type > CONTENT_TYPES.last || version !== 3) return bytes.length;
  if (bytes.length < HEADER) return Infinity;
  const length = bytes.readUInt16BE(HEADER - 2);
  return length > LONGEST ? bytes.length : HEADER + length;
}
