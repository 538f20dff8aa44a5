/** One end of an IP socket. */
export interface SocketAddress {
  /** A numeric address, as `127.0.0.1` or `::1`; with its scope if it is link-local and the host tells it, as `fe80::1%eth0`. */
  readonly address: string;
  readonly port: number;
  readonly family: AddressFamily;
}

/** One end of a UNIX socket. */
export interface UnixAddress {
  /** Its path; an abstract name of Linux begins with `\0`; undefined for an end without a name. */
  readonly path: string | undefined;
}

/** A version of the internet protocol. */
export type AddressFamily = "ipv4" | "ipv6";

/** A numeric address, as a resolver gives it. */
export interface HostAddress {
  readonly address: string;
  readonly family: AddressFamily;
}

/**
 * What a network may be unable to do though it has the rest: bind the near end of a connection that is made; reset a
 * connection; share a port between listeners, or between UDP sockets; listen on IPv6 alone. To ask for it is an
 * UnsupportedError. And listen on `::` for IPv4 too: what lacks `dual-stack` needs a listener for each.
 */
export type NetFeature =
  "local-address" | "reset" | "reuse-port" | "udp-reuse-port" | "ipv6-only" | "dual-stack";

/** Where to connect. */
export interface RawConnectOptions {
  /** Numeric. */
  readonly address: string;
  readonly port: number;
  /** A numeric address of this machine to connect from, unless the feature `local-address` is lacking. */
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

/** Where to listen. */
export interface RawListenOptions {
  /** Numeric; `0.0.0.0` and `::` are all interfaces. */
  readonly address: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** How many connections may wait to be accepted; the system caps it. */
  readonly backlog?: number | undefined;
  /** Others that ask for it too may listen on the same port, unless the feature `reuse-port` is lacking. */
  readonly reusePort?: boolean | undefined;
  /** `::` does not take IPv4 connections, unless the feature `ipv6-only` is lacking. By default it does, unless the feature `dual-stack` is lacking. */
  readonly ipv6Only?: boolean | undefined;
}

/** Bytes both ways, as a host moves them. At most one `read` and one `write` (or `shutdown`) are under way at a time: callers see to it. */
export interface RawStream {
  /**
   * The next bytes, 1 to `maxBytes`, in memory the caller owns; null when the peer has closed its side, again and again.
   * What nobody asked for stays in the system, but for one chunk at most (backpressure), and none before the first read.
   * Rejects with `EBADF` when closed meanwhile.
   */
  read(maxBytes: number): Promise<Uint8Array | null>;

  /**
   * Sends all of the bytes, which must not change meanwhile; resolves when the system has taken them and will take more.
   * If it has by the time `write` returns, that may be `taken()`, for which nobody need wait. Rejects with `EBADF` when
   * closed meanwhile.
   */
  write(bytes: Uint8Array): Promise<void>;

  /** Half-close: nothing more will be sent. Resolves when the system knows. */
  shutdown(): Promise<void>;

  /**
   * Releases the socket: at once for this side (what is under way rejects), resolves when the descriptor is free.
   * What `write` took is still sent, unless `abort`: then the connection is reset, unless the feature `reset` is lacking.
   * Idempotent, never rejects.
   */
  close(options?: { readonly abort?: boolean }): Promise<void>;
}

/** A connected socket. Failures are OSErrors. */
export interface RawSocket<A = SocketAddress> extends RawStream {
  readonly localAddress: A;
  readonly remoteAddress: A;
  /** What the host has for it, for what this contract does not say. */
  readonly handle: unknown;
}

/** A TCP connection. TCP_NODELAY is on; the peer's half-close does not close this side. */
export interface RawTcpSocket extends RawSocket {
  /** Once closed, it does nothing or is an OSError. */
  setNoDelay(on: boolean): void;
  /** @param delay ms of silence before the first probe; a host that cannot set it uses the system's */
  setKeepAlive(on: boolean, delay: number): void;
}

/** A listening socket. */
export interface RawListener<S extends RawStream = RawTcpSocket, A = SocketAddress> {
  readonly localAddress: A;
  /** What the host has for it. */
  readonly handle: unknown;
  /** The next connection. One call at a time. Rejects with `EBADF` when closed meanwhile. */
  accept(): Promise<S>;
  /** Stops listening, at once; connections not yet accepted are closed; resolves when the port is free. Idempotent, never rejects. */
  close(): Promise<void>;
}

/**
 * UNIX stream sockets. Abstract names of Linux begin with `\0`. A path longer than the system's addresses is `ENAMETOOLONG`,
 * never cut.
 */
export interface UnixBackend {
  /**
   * Connects; an aborted signal ends the attempt, closes what it opened, and rejects.
   * @throws OSError `ENOENT`, `ECONNREFUSED`, …
   */
  connect(path: string, signal: AbortSignal): Promise<RawSocket<UnixAddress>>;

  /**
   * Listens. A path that is there is `EADDRINUSE`, also that of a listener that is gone. The path is there only when one can
   * connect to it, as far as the host and the file system allow. Closing removes it first, unless something else is there by then,
   * which it leaves as it is.
   * @param mode permission bits of the socket, set before it can be connected to; by default the system's, less the umask
   */
  listen(options: {
    readonly path: string;
    readonly backlog?: number | undefined;
    readonly mode?: number | undefined;
  }): Promise<RawListener<RawSocket<UnixAddress>, UnixAddress>>;

  /** What tells the socket at `path` from all others, the same in all backends; undefined if no socket is there, or it cannot be known. */
  identify(path: string): Promise<string | undefined>;

  /** Removes the socket at `path` if it is that one; else does nothing. Looks and removes in one turn. */
  remove(path: string, identity: string): Promise<void>;
}

/** A datagram that came. */
export interface RawDatagram {
  readonly bytes: Uint8Array;
  readonly from: SocketAddress;
}

/** How to open a UDP socket. */
export interface RawUdpOptions {
  /** Numeric; `0.0.0.0` and `::` are all interfaces. */
  readonly address: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** Whom alone it speaks with: others' datagrams are not received. Numeric. */
  readonly remote?: { readonly address: string; readonly port: number } | undefined;
  /** Others that ask for it too may have the same port, unless the feature `udp-reuse-port` is lacking. */
  readonly reusePort?: boolean | undefined;
  /** How many datagrams may wait to be received, where the host keeps them; one that comes then is dropped. */
  readonly queueSize: number;
}

/** A UDP socket. One at `::` reaches IPv4 addresses too, and is reached by them: they are given as IPv4 ones. */
export interface RawUdpSocket {
  readonly localAddress: SocketAddress;
  readonly handle: unknown;
  /** Datagrams dropped because too many waited, as far as the host tells. */
  readonly dropped: number;
  /**
   * The next datagram, whole, in memory the caller owns. One call at a time. Rejects with `EBADF` when closed meanwhile; once,
   * with what the system has to tell of an earlier datagram (`ECONNREFUSED`), where it does.
   */
  receive(): Promise<RawDatagram>;
  /** Sends one datagram, to `to` unless connected. Calls may overlap. One that is too long is `EMSGSIZE`. */
  send(bytes: Uint8Array, to?: { readonly address: string; readonly port: number }): Promise<void>;
  /** Multicast, broadcast and time to live; absent where the host lacks any of it. */
  readonly controls?: RawUdpControls | undefined;
  /** Resolves when the port is free. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** What can be set on a UDP socket. Failures are OSErrors with `syscall` `setsockopt`. */
export interface RawUdpControls {
  setBroadcast(on: boolean): void;
  /** @param hops 1 to 255 */
  setTtl(hops: number): void;
  /** @param hops 0, this machine alone, to 255 */
  setMulticastTtl(hops: number): void;
  setMulticastLoopback(on: boolean): void;
  /** @param interfaceAddress of this machine; the system chooses if not given */
  joinMulticast(group: string, interfaceAddress?: string): void;
  leaveMulticast(group: string, interfaceAddress?: string): void;
}

/** UDP. */
export interface UdpBackend {
  open(options: RawUdpOptions): Promise<RawUdpSocket>;
}

/**
 * What a backend's TLS may be unable to do though it has the rest. A client: show a certificate of its own; accept one that
 * cannot be verified; resume a session; speak over UNIX sockets; say which versions to speak; close a connection at once
 * whose handshake is under way, and not only when the peer next speaks or leaves. A server: ask clients for a certificate;
 * choose its own by the name asked for; tell a client by an alert why it refuses the handshake.
 */
export type TlsFeature =
  | "client-certificate"
  | "unverified"
  | "session"
  | "unix"
  | "client-verification"
  | "server-names"
  | "alerts"
  | "versions"
  | "close-in-handshake";

/** What both sides of TLS may say. Certificates and keys are PEM. */
export interface RawTlsOptions {
  /** Authorities to trust: in place of the system's, or where a host cannot do without those, besides them. */
  readonly ca?: readonly string[] | undefined;
  /** This side's certificate, with those between it and its authority. */
  readonly certificate?: string | undefined;
  /** The key of `certificate`. */
  readonly key?: string | undefined;
  /** Protocols to agree on by ALPN, the best first. */
  readonly alpn?: readonly string[] | undefined;
  readonly minVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
  readonly maxVersion?: "TLSv1.2" | "TLSv1.3" | undefined;
}

/** How a client speaks TLS. */
export interface RawTlsClientOptions extends RawTlsOptions {
  /** The name the certificate must be for (ASCII), sent as SNI unless it is an address. */
  readonly serverName: string;
  /** False: a certificate that cannot be verified is accepted. */
  readonly verify: boolean;
  /** A session to resume. */
  readonly session?: Uint8Array | undefined;
}

/** How a server speaks TLS. */
export interface RawTlsServerOptions extends RawTlsOptions {
  readonly certificate: string;
  readonly key: string;
  /** Whether clients are asked for a certificate. One that is given must be valid; `require` refuses those without. */
  readonly clientCertificate: "none" | "ask" | "require";
  /** Other certificates by the name a client asks for; undefined: the default one; null: none, the handshake fails. */
  readonly forName?: ((name: string) => RawCertificate | null | undefined) | undefined;
}

/** A certificate and its key, PEM. */
export interface RawCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** What is known of a TLS connection. What a host cannot tell is undefined. */
export interface RawTlsInfo {
  /** As `TLSv1.3`. */
  readonly version: string | undefined;
  /** As IANA names it, as `TLS_AES_128_GCM_SHA256`. */
  readonly cipher: string | undefined;
  readonly alpn: string | undefined;
  /** The name that was asked for. */
  readonly serverName: string | undefined;
  /** The peer's certificate, DER. */
  readonly peerCertificate: Uint8Array | undefined;
  readonly sharedCiphers: readonly string[] | undefined;
  /** `tls-unique` (RFC 5929): the first finished message of the handshake; undefined from TLS 1.3 on. */
  readonly channelBinding: Uint8Array | undefined;
  /** Whether a session was resumed. */
  readonly resumed: boolean | undefined;
  /** What there is to resume by now. */
  session(): Uint8Array | undefined;
}

/**
 * A TLS connection, its handshake done. As a RawStream, but: a read rejects with `ECONNRESET` and, as its cause, an error
 * with code `ERR_TLS_TRUNCATED` if the peer's end came without a close_notify, where that can be told; `shutdown` says
 * close_notify. `close` closes what is below it, and need not say anything.
 */
export interface RawTlsStream extends RawStream {
  readonly info: RawTlsInfo;
  readonly handle: unknown;

  /**
   * Says close_notify, waits for the peer's, and leaves the transport open; resolves with what was read of it beyond TLS.
   * Rejects with `EPROTO` if the peer sends anything else first; that is lost. Absent where the host gives the transport up
   * for good.
   */
  unwrap?(): Promise<Uint8Array>;
}

/** The side to speak. */
export type RawTlsSide =
  | { readonly client: RawTlsClientOptions; readonly server?: undefined }
  | { readonly server: RawTlsServerOptions; readonly client?: undefined };

/**
 * TLS. A handshake that fails is an OSError with `syscall` `handshake`, its code `ERR_TLS_CERTIFICATE` if this side refused
 * the peer's certificate, `EPROTO` if the two could not agree, else the transport's; the host's error is its cause. It
 * closes what is below, and so does an aborted signal. Options that the host cannot read, as a key that is none, are no
 * handshake's failure: a TypeError. Failures later are `EPROTO`.
 */
export interface TlsBackend {
  /** What it cannot do. */
  readonly lacks: ReadonlySet<TlsFeature>;

  /**
   * The client's side, over a TCP or UNIX socket of this backend that nobody reads or writes, and that it takes over. It
   * need not tell a truncation from an end if there is `wrap`.
   */
  connect(
    socket: RawSocket<unknown>,
    options: RawTlsClientOptions,
    signal: AbortSignal,
  ): Promise<RawTlsStream>;

  /** Loads and makes what a server's handshakes share, so that the first client need not wait, and a key that is none is told early. */
  prepare?(options: RawTlsServerOptions): Promise<void>;

  /** The server's side, over any stream, which it takes over. Absent where the host has no servers, or there is `wrap`. */
  accept?(transport: RawStream, options: RawTlsServerOptions, signal: AbortSignal): Promise<RawTlsStream>;

  /** Either side over any stream, which it takes over until `unwrap`. Absent where the host speaks TLS as a client over its own sockets alone. */
  wrap?(transport: RawStream, side: RawTlsSide, signal: AbortSignal): Promise<RawTlsStream>;
}

/** The names of an address. */
export interface RawNames {
  /** The host's name; the address itself if it has none. */
  readonly host: string;
  /** The service's name, as `http`; the port itself if it has none, or the host has none and so the system does not tell. */
  readonly service: string;
}

/**
 * The network. Failures are OSErrors with `syscall` `connect`, `listen`, `unlink`, `accept`, `read`, `write`, `shutdown`, `bind`,
 * `send`, `receive`, `setsockopt`, `handshake`, `getaddrinfo` or `getnameinfo`.
 */
export interface NetBackend {
  /** What it cannot do. */
  readonly lacks: ReadonlySet<NetFeature>;
  /** How the user gets what is absent or lacking, where that is up to them, as `run Deno with --unstable-net`. */
  readonly remedies?: Readonly<Partial<Record<"unix" | "udp" | "tls" | NetFeature, string>>> | undefined;

  /**
   * The addresses of a name, in the order in which the system would try them; a numeric address is its own. It cannot be
   * stopped.
   * @param host ASCII
   * @throws OSError `ENOTFOUND`, `EAI_AGAIN`, …
   */
  lookup(host: string): Promise<readonly HostAddress[]>;

  /** The names of an address. Absent where the host cannot tell. */
  reverse?(address: string, port: number): Promise<RawNames>;

  /**
   * Connects; an aborted signal ends the attempt, closes what it opened, and rejects.
   * @throws OSError `ECONNREFUSED`, …
   */
  connectTcp(options: RawConnectOptions, signal: AbortSignal): Promise<RawTcpSocket>;
  /** @throws OSError `EADDRINUSE`, … */
  listenTcp(options: RawListenOptions): Promise<RawListener>;

  /**
   * A connection that the host's own means made, as this contract's: from then on it is this backend's alone.
   * @throws TypeError if it is none
   */
  adoptSocket(socket: unknown): RawTcpSocket;
  /** As `adoptSocket`, of a listener. */
  adoptListener(listener: unknown): RawListener;

  readonly unix?: UnixBackend | undefined;
  readonly udp?: UdpBackend | undefined;
  readonly tls?: TlsBackend | undefined;
}
