import { isError } from "@arborio/core";
import type { RawStream } from "@arborio/core/backend";
import { unscoped } from "@arborio/cancellation";
import type { ByteStream } from "@arborio/streams";

const NOTHING = new Uint8Array(0);

/** A backend's stream of which something was read already: that comes first. */
export class ReadAhead implements RawStream {
  /** For errors, where there is one. */
  readonly remoteAddress: unknown;
  private readonly raw: RawStream;
  private first: Promise<Uint8Array | null | undefined> | undefined;
  private rest: Uint8Array = NOTHING;

  /** @param first what was read; undefined if that failed: then the next read fails too */
  constructor(raw: RawStream, first: Promise<Uint8Array | null | undefined>) {
    this.raw = raw;
    this.first = first;
    this.remoteAddress = (raw as { remoteAddress?: unknown }).remoteAddress;
  }

  async read(maxBytes: number): Promise<Uint8Array | null> {
    if (this.rest.length === 0) {
      const first = await this.first;
      this.first = undefined;
      if (first === null || first === undefined) return first ?? this.raw.read(maxBytes);
      this.rest = first;
    }
    const bytes = this.rest.slice(0, maxBytes);
    this.rest = this.rest.subarray(maxBytes);
    return bytes;
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.raw.write(bytes);
  }

  shutdown(): Promise<void> {
    return this.raw.shutdown();
  }

  close(options?: { readonly abort?: boolean }): Promise<void> {
    return this.raw.close(options);
  }

  /** Takes what has not been read again. */
  leftover(): Uint8Array {
    const { rest } = this;
    this.rest = NOTHING;
    return rest;
  }
}

/**
 * Any byte stream as a backend's. What waits in it belongs to no task: it serves all that use the layer above.
 */
export class StreamTransport implements RawStream {
  private readonly stream: ByteStream;

  constructor(stream: ByteStream) {
    this.stream = stream;
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return unscoped(() => this.stream.receive(maxBytes)).catch((error: unknown) => {
      if (isError(error, "EndOfStream")) return null;
      throw error;
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return unscoped(() => this.stream.send(bytes));
  }

  shutdown(): Promise<void> {
    return unscoped(() => this.stream.sendEof());
  }

  async close({ abort = false }: { readonly abort?: boolean } = {}): Promise<void> {
    if (!abort) await unscoped(() => this.stream.close()).catch(() => {});
    this.stream.closeForcefully();
  }
}
