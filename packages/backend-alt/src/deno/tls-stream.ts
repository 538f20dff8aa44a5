import type { OSError, RawTlsInfo, RawTlsStream } from "@arborio/core/backend";
import type { DenoTlsConnection } from "./host-types.ts";
import { badDescriptor } from "./os-error.ts";
import { tlsError } from "./tls-error.ts";

// A larger read is given in parts: the memory is taken before the socket says how much there is.
const LARGEST_READ = 1 << 16;

/** A TLS connection, its handshake done. Deno says close_notify itself when it is closed. */
export class DenoTlsStream implements RawTlsStream {
  readonly info: RawTlsInfo;
  private readonly connection: DenoTlsConnection;
  private readonly address: string;
  private closing = false;
  private shut = false;

  constructor(
    connection: DenoTlsConnection,
    address: string,
    alpn: string | undefined,
    serverName: string | undefined,
  ) {
    connection.unref?.();
    this.connection = connection;
    this.address = address;
    this.info = { ...UNKNOWN, alpn, serverName };
  }

  read(maxBytes: number): Promise<Uint8Array | null> {
    return this.attempt("read", async () => {
      const buffer = new Uint8Array(Math.min(maxBytes, LARGEST_READ));
      const length = await this.connection.read(buffer);
      if (length === null) return null;
      return length === buffer.length ? buffer : buffer.slice(0, length);
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.attempt("write", async () => {
      if (this.shut) throw Object.assign(new Error("it was shut down"), { code: "EPIPE" });
      for (let sent = 0; sent < bytes.length;) sent += await this.connection.write(bytes.subarray(sent));
    });
  }

  shutdown(): Promise<void> {
    return this.attempt("shutdown", async () => {
      if (!this.shut) await this.connection.closeWrite();
      this.shut = true;
    });
  }

  get handle(): DenoTlsConnection {
    return this.connection;
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    this.connection.close();
  }

  private async attempt<T>(syscall: string, act: () => Promise<T>): Promise<T> {
    if (this.closing) throw this.fault(syscall, undefined);
    try {
      return await act();
    } catch (error) {
      throw this.fault(syscall, error);
    }
  }

  private fault(syscall: string, error: unknown): OSError {
    const attempt = { syscall, address: this.address };
    return this.closing ? badDescriptor(attempt) : tlsError(error, attempt);
  }
}

// Deno tells the protocol that was agreed on, and nothing else.
const UNKNOWN = {
  version: undefined,
  cipher: undefined,
  peerCertificate: undefined,
  sharedCiphers: undefined,
  channelBinding: undefined,
  resumed: undefined,
  session: (): undefined => undefined,
};
