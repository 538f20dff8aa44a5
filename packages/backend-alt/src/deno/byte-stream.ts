import type { OSError, RawStream } from "@arborio/core/backend";
import type { DenoStreamConnection } from "./host-types.ts";
import { badDescriptor, osError, type Attempt } from "./os-error.ts";

// The memory of a read is taken before the socket says how much there is: little while little comes, so that ten thousand
// idle connections do not hold a chunk each.
const SMALLEST_READ = 1 << 12;
const LARGEST_READ = 1 << 16;

/** A connection of Deno's, of any kind. */
export class DenoByteStream<C extends DenoStreamConnection> implements RawStream {
  protected readonly connection: C;
  private readonly named: Omit<Attempt, "syscall">;
  /** Memory for the next read: a new one each time costs more than the read. Invariant: nobody else has it. */
  private spare: Uint8Array | undefined;
  private closing = false;
  private shut = false;
  /** Why the connection broke. The system says so once; what is read later would look like a clean end. */
  private broken: unknown;
  /** Whether a read has found the end: that stays true whatever breaks later. */
  private ended = false;
  private readSize = SMALLEST_READ;

  /** @param named what its errors call it */
  constructor(connection: C, named: Omit<Attempt, "syscall">) {
    // As of a listener: a read that a root left must not keep the process alive (F3).
    connection.unref?.();
    this.connection = connection;
    this.named = named;
  }

  // Each in one function: another around it costs as much as what Deno does for a small message.
  async read(maxBytes: number): Promise<Uint8Array | null> {
    this.checkOpen("read");
    try {
      const memory = this.takeSpare(Math.min(maxBytes, this.readSize));
      const length = await this.connection.read(memory);
      if (length === null) return this.end();
      if (length === this.readSize) this.readSize = Math.min(length * 4, LARGEST_READ);
      else if (length <= this.readSize / 4) this.readSize = Math.max(this.readSize / 4, SMALLEST_READ);
      return this.cut(memory, length);
    } catch (error) {
      throw this.failure("read", error);
    }
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.checkOpen("write");
    if (this.shut) throw this.fault("write", { code: "EPIPE" });
    try {
      let sent = 0;
      while (sent < bytes.length)
        sent += await this.connection.write(sent === 0 ? bytes : bytes.subarray(sent));
    } catch (error) {
      throw this.failure("write", error);
    }
  }

  async shutdown(): Promise<void> {
    this.checkOpen("shutdown");
    try {
      if (!this.shut) await this.connection.closeWrite();
      this.shut = true;
    } catch (error) {
      throw this.failure("shutdown", error);
    }
  }

  get handle(): C {
    return this.connection;
  }

  // Deno cannot set SO_LINGER: `abort` resets only what the system resets by itself, a socket closed with bytes unread.
  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    try {
      this.connection.close();
    } catch {
      // It was closed before, past this object: by its `handle`.
    }
  }

  protected setOption(set: () => void): void {
    try {
      set();
    } catch (error) {
      throw this.fault("setsockopt", error);
    }
  }

  private end(): null {
    if (this.broken !== undefined && !this.ended) throw this.broken;
    this.ended = true;
    return null;
  }

  private takeSpare(size: number): Uint8Array {
    const { spare } = this;
    this.spare = undefined;
    return spare?.length === size ? spare : new Uint8Array(size);
  }

  /** The caller's own: the memory itself if most of it was filled, else a copy, and the memory is for the next read. */
  private cut(memory: Uint8Array, length: number): Uint8Array {
    if (length * 2 > memory.length) return memory.subarray(0, length);
    this.spare = memory;
    return memory.slice(0, length);
  }

  /** What the connection failed with. */
  protected errorOf(cause: unknown, attempt: Attempt): OSError {
    return osError(cause, attempt);
  }

  private checkOpen(syscall: string): void {
    if (this.closing) throw this.fault(syscall, undefined);
  }

  private failure(syscall: string, error: unknown): OSError {
    this.broken ??= error;
    return this.fault(syscall, error);
  }

  private fault(syscall: string, error: unknown): OSError {
    const attempt = { ...this.named, syscall };
    return this.closing ? badDescriptor(attempt) : this.errorOf(error, attempt);
  }
}
