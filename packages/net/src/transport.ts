import { isError } from "@arborio/core";
import type { RawStream } from "@arborio/core/backend";
import { unscoped } from "@arborio/cancellation";
import type { ByteStream } from "@arborio/streams";

const NOTHING = new Uint8Array(0);
const CHUNK = 65_536;

/** A backend's stream of which something was read already: that comes first. */
export class ReadAhead implements RawStream {
  /** For errors, where there is one. */
  readonly remoteAddress: unknown;
  private readonly raw: RawStream;
  private first: Promise<Uint8Array | null | undefined> | undefined;
  private rest: Uint8Array = NOTHING;

  /** @param first what was read; undefined if that failed: then the next read fails too */
  constructor(raw: RawStream, first?: Promise<Uint8Array | null | undefined>) {
    this.raw = raw;
    this.first = first;
    this.remoteAddress = (raw as { remoteAddress?: unknown }).remoteAddress;
  }

  /** Reads ahead until what was read is enough; false if the stream ends before. */
  async readUntil(enough: (bytes: Uint8Array) => boolean): Promise<boolean> {
    while (!enough(this.rest)) {
      const more = await this.next(CHUNK);
      if (more === null) return false;
      this.rest = joined(this.rest, more);
    }
    return true;
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    const nothingKept = this.rest.length === 0 && this.first === undefined;
    return nothingKept ? this.raw.read(maxBytes) : this.readKept(maxBytes);
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

  private async readKept(maxBytes: number): Promise<Uint8Array | null> {
    if (this.rest.length === 0) {
      const next = await this.next(maxBytes);
      if (next === null) return null;
      this.rest = next;
    }
    const bytes = this.rest.slice(0, maxBytes);
    this.rest = this.rest.subarray(maxBytes);
    return bytes;
  }

  /** What comes after what is kept. */
  private async next(maxBytes: number): Promise<Uint8Array | null> {
    const first = await this.first;
    this.first = undefined;
    return first ?? this.raw.read(maxBytes);
  }
}

/**
 * Any byte stream as a backend's. What waits in it belongs to no task: it serves all that use the layer above.
 *
 * The stream may be of the program's own: what it throws at once is a rejection here, for a backend calls this from its host's
 * callbacks, where an exception would end the process.
 */
export class StreamTransport implements RawStream {
  private readonly stream: ByteStream;

  constructor(stream: ByteStream) {
    this.stream = stream;
  }

  async read(maxBytes: number): Promise<Uint8Array | null> {
    try {
      return await unscoped(() => this.stream.receive(maxBytes));
    } catch (error) {
      if (isError(error, "EndOfStream")) return null;
      throw error;
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    await unscoped(() => this.stream.send(bytes));
  }

  async shutdown(): Promise<void> {
    await unscoped(() => this.stream.sendEof());
  }

  async close({ abort = false }: { readonly abort?: boolean } = {}): Promise<void> {
    try {
      if (!abort) await unscoped(() => this.stream.close());
    } catch {
      // Then it is closed without ceremony.
    }
    try {
      this.stream.closeForcefully();
    } catch {
      // Nobody is left to be told.
    }
  }
}

export function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  if (second.length === 0) return first;
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
