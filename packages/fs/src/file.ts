import {
  BusyResourceError,
  ClosedResourceError,
  EndOfStream,
  isCancelled,
  type WaitOptions,
} from "@arborio/core";
import type { FileStat, RawFile } from "@arborio/core/backend";
import {
  awaitPromise,
  checkHostBytes,
  performShielded,
  settling,
  show,
  trackResource,
} from "@arborio/core/lowlevel";
import type { ByteReceiveStream, ByteSendStream } from "@arborio/streams";
import { KeptOperation, receiveAll } from "@arborio/streams/lowlevel";
import { checkSize } from "./arguments.ts";

/**
 * An open file with one position, which reads and writes move. It is also a byte stream, both ways: `receive` is `read` and
 * `send` is `write`.
 *
 * One operation at a time: another meanwhile throws BusyResourceError. After closing all throw ClosedResourceError. What the
 * system refuses is an OSError that names the path.
 */
export interface File extends ByteReceiveStream, ByteSendStream {
  readonly path: string;

  /**
   * Reads at the position: 1 to `maxBytes` bytes (65,536 if not said), in memory that is the caller's.
   *
   * **Cancellation** No bytes are lost: what was read for a cancelled call goes to the next (M6).
   *
   * **Throws** EndOfStream at the end. RangeError for a `maxBytes` below 1, at once.
   */
  read(maxBytes?: number, options?: WaitOptions): Promise<Uint8Array>;

  /**
   * Writes all of the bytes at the position; in a file opened to append, at its end.
   *
   * **Cancellation** Once begun it is waited for: the system cannot stop it. The cancellation is seen at the next checkpoint.
   */
  write(bytes: Uint8Array, options?: WaitOptions): Promise<void>;

  stat(options?: WaitOptions): Promise<FileStat>;

  /** Moves the position, to `offset` bytes from the start, the position or the end; gives the new one. */
  seek(offset: number, from?: "start" | "current" | "end", options?: WaitOptions): Promise<number>;

  /** Makes it that many bytes long; the position stays. Cancellation as in {@link write}. */
  truncate(size: number, options?: WaitOptions): Promise<void>;

  /** Flushes what was written to the device (fsync). Cancellation as in {@link write}. */
  sync(options?: WaitOptions): Promise<void>;
}

const DEFAULT_CHUNK = 65_536;

/** A file over a backend's. */
export class OpenedFile implements File {
  readonly path: string;
  private readonly raw: RawFile;
  private readonly reading: KeptOperation<Uint8Array | null> = new KeptOperation();
  private readonly untrack: () => void;
  private busy = false;
  private closed: Promise<void> | undefined;

  constructor(raw: RawFile, path: string) {
    this.raw = raw;
    this.path = path;
    this.untrack = trackResource(this, `the file ${path}`, raw);
  }

  read(maxBytes: number = DEFAULT_CHUNK, options: WaitOptions = {}): Promise<Uint8Array> {
    checkSize("read the file", "maxBytes", maxBytes, 1);
    const read = (): Promise<Uint8Array> =>
      this.reading.wait(
        () => this.raw.read(maxBytes),
        (bytes) => this.hand(bytes, maxBytes),
        {
          signal: options.signal,
          waitingFor: `bytes of ${this.path}`,
        },
      );
    return this.alone("read", read);
  }

  receive(maxBytes?: number, options?: WaitOptions): Promise<Uint8Array> {
    return this.read(maxBytes, options);
  }

  write(given: Uint8Array, options: WaitOptions = {}): Promise<void> {
    const bytes = checkHostBytes("write the file", given);
    return this.change("write", () => this.raw.write(bytes), options);
  }

  send(bytes: Uint8Array, options?: WaitOptions): Promise<void> {
    return this.write(bytes, options);
  }

  stat(options: WaitOptions = {}): Promise<FileStat> {
    return this.change("stat", () => this.raw.stat(), options);
  }

  seek(
    offset: number,
    from: "start" | "current" | "end" = "start",
    options: WaitOptions = {},
  ): Promise<number> {
    if (!Number.isSafeInteger(offset)) {
      throw new RangeError(`Cannot seek in the file: offset must be an integer, received ${show(offset)}`);
    }
    if (!["start", "current", "end"].includes(from)) {
      throw new TypeError(
        `Cannot seek in the file: from must be start, current or end, received ${show(from)}`,
      );
    }
    return this.change("seek in", () => this.raw.seek(offset, from), options);
  }

  truncate(size: number, options: WaitOptions = {}): Promise<void> {
    checkSize("truncate the file", "size", size, 0);
    return this.change("truncate", () => this.raw.truncate(size), options);
  }

  sync(options: WaitOptions = {}): Promise<void> {
    return this.change("sync", () => this.raw.sync(), options);
  }

  close(options: WaitOptions = {}): Promise<void> {
    return awaitPromise(this.release(), { signal: options.signal, waitingFor: `${this.path} to close` });
  }

  closeForcefully(): void {
    void this.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Disposal does not throw Cancelled: the next checkpoint does (M5).
    await this.close().catch((error: unknown) => {
      if (!isCancelled(error)) throw error;
    });
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return receiveAll(() => this.read());
  }

  private hand(bytes: Uint8Array | null, maxBytes: number): Uint8Array {
    if (bytes === null) throw new EndOfStream(`Cannot read ${this.path}: the file has ended`);
    if (bytes.length <= maxBytes) return bytes;
    // Read for a cancelled call that asked for more than this one does.
    this.reading.keep(bytes.subarray(maxBytes));
    return bytes.subarray(0, maxBytes);
  }

  /** An operation that, once begun, is waited for. */
  private change<T>(verb: string, act: () => Promise<T>, options: WaitOptions): Promise<T> {
    const start = async (): Promise<T> => {
      if (this.closed !== undefined) throw this.closedError(verb);
      await this.rewind();
      return act();
    };
    return this.alone(verb, () =>
      performShielded(start, { signal: options.signal, waitingFor: `${this.path} (${verb})` }),
    );
  }

  /** Moves the position back over what was read and given to nobody. */
  private async rewind(): Promise<void> {
    await this.reading.idle();
    const left = this.reading.take()?.length ?? 0;
    if (left > 0) await this.raw.seek(-left, "current");
  }

  private alone<T>(verb: string, act: () => Promise<T>): Promise<T> {
    if (this.busy)
      return Promise.reject(
        new BusyResourceError(`Cannot ${verb} ${this.path}: another task is using the file`),
      );
    this.busy = true;
    const free = (): void => void (this.busy = false);
    return settling(act().finally(free), (value) => value);
  }

  private release(): Promise<void> {
    if (this.closed !== undefined) return this.closed;
    this.untrack();
    this.reading.end(() => this.closedError("read"));
    return (this.closed = this.raw.close());
  }

  private closedError(verb: string): Error {
    return new ClosedResourceError(`Cannot ${verb} ${this.path}: the file was closed on this side`);
  }
}
