import type { RawCertificate, RawTlsServerOptions } from "@arborio/core/backend";
import { createPrivateKey, X509Certificate } from "node:crypto";
import { EventEmitter } from "node:events";
import type { Duplex } from "node:stream";
import { createSecureContext, createServer, type SecureContext, type Server, type TLSSocket } from "node:tls";
import { refusalOf } from "./tls-error.ts";
import { commonOptions, setting } from "./tls-options.ts";

// Node's own limit on handshakes is not wanted: whoever waits for a handshake has a deadline.
const NEVER = 2 ** 31 - 1;

type Choose = (error: Error | null, context?: SecureContext) => void;

/** @param refused whether this side refused the peer's certificate */
export type Fail = (error: unknown, refused?: boolean) => void;

/** The context of a certificate that `forName` returned, and what it was made of. */
interface Chosen extends RawCertificate {
  readonly context: SecureContext;
}

/**
 * The server's side: one server of Node's for each options object, made at the first handshake. Its context is thereby shared:
 * making one takes from 0.1 ms and 20 KB to several ms and 1 MB (a long list of authorities).
 *
 * Only a server of Node's verifies clients' certificates, and its events do not tell to which connection a handshake belongs.
 * So each connection has a server of its own that inherits everything but the listeners from the one server.
 */
export class TlsServer {
  private static readonly known: WeakMap<RawTlsServerOptions, TlsServer> = new WeakMap();
  private readonly options: RawTlsServerOptions;
  private readonly server: Server;
  private readonly chosen: WeakMap<RawCertificate, Chosen> = new WeakMap();

  private constructor(options: RawTlsServerOptions) {
    this.options = options;
    checkKey(options);
    const { clientCertificate, forName } = options;
    this.server = createServer({
      ...commonOptions(options),
      allowHalfOpen: true,
      handshakeTimeout: NEVER,
      requestCert: clientCertificate !== "none",
      rejectUnauthorized: clientCertificate === "require",
      ...setting(
        "SNICallback",
        forName && ((name: string, done: Choose) => done(...this.choose(forName, name))),
      ),
    });
  }

  /** @throws Node's error for a certificate or key that it cannot read */
  static of(options: RawTlsServerOptions): TlsServer {
    const made = TlsServer.known.get(options) ?? new TlsServer(options);
    TlsServer.known.set(options, made);
    return made;
  }

  /** Begins a handshake. Exactly one of the two is called, if the connection does not stay silent. */
  shake(below: Duplex, done: (socket: TLSSocket) => void, fail: Fail): void {
    const server = inheriting(this.server);
    server.once("secureConnection", (socket) => {
      const refusal = this.refusal(socket);
      if (refusal === undefined) return done(socket);
      socket.on("error", () => {});
      fail(refusal, true);
    });
    server.once("tlsClientError", (error, socket) => {
      // The error of a certificate that `require` refuses says no more than that the connection ended.
      const refusal = refusalOf(socket);
      fail(refusal ?? error, refusal !== undefined);
    });
    server.emit("connection", below);
  }

  // With `ask` Node lets a certificate pass that it could not verify.
  private refusal(socket: TLSSocket): Error | undefined {
    if (this.options.clientCertificate !== "ask" || socket.authorized) return undefined;
    return socket.getPeerX509Certificate() === undefined ? undefined : refusalOf(socket);
  }

  /** What Node is answered: it must not be an exception, nor an error that is falsy, which Node takes for none. */
  private choose(forName: NonNullable<RawTlsServerOptions["forName"]>, name: string): Parameters<Choose> {
    try {
      const found = forName(name);
      if (found === null) return [unknownName(name)];
      return found === undefined ? [null] : [null, this.contextOf(found)];
    } catch (error) {
      return [error instanceof Error ? error : new Error("forName failed", { cause: error })];
    }
  }

  private contextOf(found: RawCertificate): SecureContext {
    const { certificate, key } = found;
    const known = this.chosen.get(found);
    if (known?.certificate === certificate && known.key === key) return known.context;
    const context = createSecureContext({ ...commonOptions(this.options), cert: certificate, key });
    this.chosen.set(found, { certificate, key, context });
    return context;
  }
}

/** Node's server reads both itself; Deno's imitation takes anything, and then fails each handshake. */
function checkKey({ certificate, key }: RawCertificate): void {
  if (new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key))) return;
  throw new Error("the key is not that of the certificate");
}

/** A server without listeners but those of its class: all the rest is the other's. */
function inheriting(server: Server): Server {
  const own = Object.create(server) as Server;
  EventEmitter.call(own);
  for (const listener of server.listeners("connection")) own.on("connection", listener as () => void);
  return own;
}

function unknownName(name: string): Error {
  return Object.assign(new Error(`there is no certificate for ${name}`), { code: "ERR_TLS_UNKNOWN_NAME" });
}
