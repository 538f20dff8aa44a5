import { OSError, type RawTlsInfo, type RawTlsSide, type RawTlsStream } from "@arborio/core/backend";
import type { TLSSocket } from "node:tls";
import { badDescriptor, type Attempt } from "./os-error.ts";
import { PausedReader } from "./paused-reader.ts";
import type { RecordDuplex } from "./record-duplex.ts";
import { tlsError, truncation } from "./tls-error.ts";
import { infoOf } from "./tls-info.ts";

// Node encrypts at once all that it is given, and keeps it until the transport takes it.
const AT_ONCE = 1 << 18;

/** What a TLS connection lies on. */
export interface Below {
  /** Its address, where it has one. */
  readonly where: { readonly address?: string };
  close(options?: { readonly abort?: boolean }): Promise<void>;
}

/** Reads what TLS gives. Its end is known from the engine: Deno's may close before it tells its readers. */
class TlsReader extends PausedReader {
  private readonly records: RecordDuplex;

  constructor(socket: TLSSocket, records: RecordDuplex, fault: (error: unknown) => Error) {
    super(socket, fault);
    this.records = records;
  }

  protected override get hasEnded(): boolean {
    return super.hasEnded || (this.records.finished && this.stream.readableLength === 0);
  }
}

/** A TLS connection over any transport. */
export class NodeTlsStream implements RawTlsStream {
  readonly info: RawTlsInfo;
  private readonly socket: TLSSocket;
  private readonly below: Below;
  private readonly records: RecordDuplex;
  private readonly reader: TlsReader;
  private closed: Promise<void> | undefined;

  constructor(socket: TLSSocket, below: Below, records: RecordDuplex, side: RawTlsSide) {
    this.socket = socket;
    this.below = below;
    this.records = records;
    records.established = true;
    this.info = infoOf(socket, side);
    this.reader = new TlsReader(socket, records, (error) => this.fault("read", error));
  }

  async read(maxBytes: number): Promise<Uint8Array | null> {
    const bytes = await this.reader.read(maxBytes);
    const { truncated, failure } = this.records;
    if (bytes !== null || !truncated) return bytes;
    throw failure === undefined ? truncation(this.attempt("read")) : this.fault("read", failure);
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length; sent += AT_ONCE)
      await this.writePart(bytes.subarray(sent, sent + AT_ONCE));
  }

  private writePart(bytes: Uint8Array): Promise<void> {
    // Node destroys a socket that is written to after its end, the reading side with it.
    if (this.socket.writableEnded || this.isDeaf)
      return Promise.reject(this.fault("write", { code: "EPIPE" }));
    if (this.records.failure !== undefined) return Promise.reject(this.fault("write", undefined));
    return new Promise((resolve, reject) => {
      this.socket.write(bytes, (error) => {
        // Node 20 reports a write that was cut by `destroy` as done.
        const cut =
          this.records.failure ??
          error ??
          (this.socket.destroyed ? { code: "ERR_STREAM_DESTROYED" } : undefined);
        if (cut === undefined) resolve();
        else reject(this.fault("write", cut));
      });
    });
  }

  shutdown(): Promise<void> {
    if (this.closed !== undefined) return Promise.reject(this.fault("shutdown", undefined));
    if (this.records.failure !== undefined) return Promise.reject(this.fault("shutdown", undefined));
    if (this.socket.writableFinished) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.socket.end((error?: Error | null) => {
        const cut = this.records.failure ?? error ?? undefined;
        if (cut === undefined) resolve();
        else reject(this.fault("shutdown", cut));
      });
    });
  }

  get handle(): TLSSocket {
    return this.socket;
  }

  close(options?: { readonly abort?: boolean }): Promise<void> {
    return this.release(() => this.below.close(options));
  }

  async unwrap(): Promise<Uint8Array> {
    await this.shutdown();
    if ((await this.read(1)) !== null) {
      const reason = "the peer sent more, and not its close_notify";
      throw new OSError({ ...this.attempt("unwrap"), code: "EPROTO", reason });
    }
    const leftover = this.records.leftover();
    await this.release(() => Promise.resolve());
    return leftover;
  }

  private release(act: () => Promise<void>): Promise<void> {
    if (this.closed !== undefined) return this.closed;
    // Closed from here on: what is under way is told so.
    this.closed = Promise.resolve();
    this.reader.stop(() => this.fault("read", undefined));
    this.socket.destroy();
    return (this.closed = act());
  }

  /** Bun's engine takes nothing more when it has read its end, and does not say so: the write would never be done. */
  private get isDeaf(): boolean {
    return this.records.finished && process.versions["bun"] !== undefined;
  }

  private attempt(syscall: string): Attempt {
    return { syscall, ...this.below.where };
  }

  private fault(syscall: string, error: unknown): OSError {
    if (this.closed !== undefined) return badDescriptor(this.attempt(syscall));
    // Why it broke, not that the stream was destroyed then.
    return tlsError(this.records.failure ?? this.socket.errored ?? error, this.attempt(syscall));
  }
}
