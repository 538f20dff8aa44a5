/** One end of a connection. */
export interface SocketAddress {
  /** A numeric address, as `127.0.0.1` or `::1`. */
  readonly address: string;
  readonly port: number;
  readonly family: "ipv4" | "ipv6";
}

/** Where to connect. */
export interface RawConnectOptions {
  /** A name or a numeric address; the host resolves names. */
  readonly host: string;
  readonly port: number;
}

/** Where to listen. */
export interface RawListenOptions {
  /** A name or a numeric address. */
  readonly host: string;
  /** 0: the system chooses. */
  readonly port: number;
  /** How many connections may wait to be accepted; the system caps it. */
  readonly backlog?: number;
}

/**
 * A connected socket. At most one `read` and one `write` (or `shutdown`) are under way at a time: callers see to it.
 * Failures are OSErrors. TCP_NODELAY is on; the peer's half-close does not close this side.
 */
export interface RawSocket {
  readonly localAddress: SocketAddress;
  readonly remoteAddress: SocketAddress;

  /**
   * The next bytes, 1 to `maxBytes`, in memory the caller owns; null when the peer has closed its side, again and again.
   * Reads from the system only while asked (backpressure). Rejects with `EBADF` when closed meanwhile.
   */
  read(maxBytes: number): Promise<Uint8Array | null>;

  /**
   * Sends all of the bytes, which must not change meanwhile; resolves when the system has taken them and will take more.
   * Rejects with `EBADF` when closed meanwhile.
   */
  write(bytes: Uint8Array): Promise<void>;

  /** Half-close: nothing more will be sent. Resolves when the system knows. */
  shutdown(): Promise<void>;

  /**
   * Releases the socket: at once for this side (what is under way rejects), resolves when the descriptor is free.
   * What `write` took is still sent, unless `abort`: then the connection is reset (where the host can; Deno cannot). Idempotent, never rejects.
   */
  close(options?: { readonly abort?: boolean }): Promise<void>;
}

/** A listening socket. */
export interface RawListener {
  readonly localAddress: SocketAddress;
  /** The next connection. One call at a time. Rejects with `EBADF` when closed meanwhile. */
  accept(): Promise<RawSocket>;
  /** Stops listening, at once; connections not yet accepted are closed; resolves when the port is free. Idempotent, never rejects. */
  close(): Promise<void>;
}

/** TCP. Failures are OSErrors with `syscall` `connect`, `listen`, `accept`, `read`, `write` or `shutdown`. */
export interface NetBackend {
  /**
   * Connects; an aborted signal ends the attempt, closes what it opened, and rejects.
   * @throws OSError `ECONNREFUSED`, `ENOTFOUND`, …
   */
  connectTcp(options: RawConnectOptions, signal: AbortSignal): Promise<RawSocket>;
  /** @throws OSError `EADDRINUSE`, … */
  listenTcp(options: RawListenOptions): Promise<RawListener>;
}
