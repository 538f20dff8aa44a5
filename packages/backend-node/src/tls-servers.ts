import type { RawTlsServerOptions } from "@arborio/core/backend";
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import { createSecureContext, createServer, type SecureContext, type Server, type TLSSocket } from "node:tls";
import { commonOptions, setting } from "./tls-options.ts";

// Node's own limit on handshakes is not wanted: who waits for one has a deadline of their own.
const NEVER = 2 ** 31 - 1;
const MOST_IDLE = 64;
const TICKET_KEYS = 48;

type Choose = (error: Error | null, context?: SecureContext) => void;

/**
 * The servers' side. Only a server of Node's verifies clients' certificates, and it does not tell to which of its
 * connections a handshake belongs. So each speaks with one at a time, and is kept for the next: making one takes ms.
 */
export class TlsServers {
  private static readonly known: WeakMap<RawTlsServerOptions, TlsServers> = new WeakMap();
  private readonly options: RawTlsServerOptions;
  private readonly idle: Server[] = [];
  /** The same for all, so that a client can resume with any. */
  private readonly ticketKeys: Buffer = randomBytes(TICKET_KEYS);

  private constructor(options: RawTlsServerOptions) {
    this.options = options;
  }

  static of(options: RawTlsServerOptions): TlsServers {
    const made = TlsServers.known.get(options) ?? new TlsServers(options);
    TlsServers.known.set(options, made);
    return made;
  }

  /** Begins a handshake. Exactly one of the two is called, if the connection does not stay silent. */
  shake(below: Duplex, done: (socket: TLSSocket) => void, fail: (error: unknown) => void): void {
    const server = this.idle.pop() ?? this.make();
    const over = (): void => {
      server.removeAllListeners("secureConnection").removeAllListeners("tlsClientError");
      if (this.idle.length < MOST_IDLE) this.idle.push(server);
    };
    server.once("secureConnection", (socket) => {
      over();
      const refusal = this.refusal(socket);
      if (refusal === undefined) return done(socket);
      socket.on("error", () => {});
      fail(refusal);
    });
    server.once("tlsClientError", (error, { authorizationError }) => {
      over();
      fail(authorizationError ?? error);
    });
    server.emit("connection", below);
  }

  // With `ask` Node lets a certificate pass that it could not verify.
  private refusal(socket: TLSSocket): Error | undefined {
    if (this.options.clientCertificate !== "ask" || socket.authorized) return undefined;
    if (socket.getPeerX509Certificate() === undefined) return undefined;
    const code = String(socket.authorizationError);
    return Object.assign(new Error(`the client's certificate was refused, ${code}`), { code });
  }

  private make(): Server {
    const { clientCertificate, forName } = this.options;
    return createServer({
      ...commonOptions(this.options),
      allowHalfOpen: true,
      ticketKeys: this.ticketKeys,
      handshakeTimeout: NEVER,
      requestCert: clientCertificate !== "none",
      rejectUnauthorized: clientCertificate === "require",
      ...setting(
        "SNICallback",
        forName && ((name: string, done: Choose) => this.choose(forName, name, done)),
      ),
    });
  }

  private choose(forName: NonNullable<RawTlsServerOptions["forName"]>, name: string, done: Choose): void {
    try {
      const found = forName(name);
      if (found === null) throw unknownName(name);
      if (found === undefined) return done(null);
      const { certificate, key } = found;
      done(null, createSecureContext({ ...commonOptions(this.options), cert: certificate, key }));
    } catch (error) {
      done(error as Error);
    }
  }
}

function unknownName(name: string): Error {
  return Object.assign(new Error(`there is no certificate for ${name}`), { code: "ERR_TLS_UNKNOWN_NAME" });
}
