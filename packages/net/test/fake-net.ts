import {
  OSError,
  type NetBackend,
  type RawListener,
  type RawTcpSocket,
  type SocketAddress,
  type RawTlsStream,
  type TlsBackend,
  type TlsFeature,
} from "@arborio/core/backend";

const ADDRESS = { address: "127.0.0.1", port: 7, family: "ipv4" } as const;

/** A socket whose operations end when the test says so. */
export class FakeSocket implements RawTcpSocket {
  readonly localAddress: SocketAddress = ADDRESS;
  readonly remoteAddress: SocketAddress;
  readonly handle = this;
  closed: "no" | "closed" | "aborted" = "no";
  /** What was set, as it was. */
  readonly set: unknown[] = [];
  private reading: { resolve(bytes: Uint8Array | null): void; reject(error: unknown): void } | undefined;

  constructor(remoteAddress: SocketAddress = ADDRESS) {
    this.remoteAddress = remoteAddress;
  }

  read(): Promise<Uint8Array | null> {
    return new Promise((resolve, reject) => (this.reading = { resolve, reject }));
  }

  arrive(bytes: Uint8Array | null): void {
    this.reading?.resolve(bytes);
  }

  write(): Promise<void> {
    return Promise.resolve();
  }

  shutdown(): Promise<void> {
    return Promise.resolve();
  }

  setNoDelay(on: boolean): void {
    this.set.push(on);
  }

  setKeepAlive(on: boolean, delay: number): void {
    this.set.push([on, delay]);
  }

  async close({ abort = false }: { readonly abort?: boolean } = {}): Promise<void> {
    this.closed = abort ? "aborted" : "closed";
  }
}

/** Each accept gives the next of these: a socket, or the code it fails with; when there are none left, none comes. */
export function fakeListener(accepts: (FakeSocket | string)[]): RawListener {
  return {
    localAddress: ADDRESS,
    handle: undefined,
    accept: () => {
      const next = accepts.shift();
      if (next === undefined) return new Promise(() => {});
      if (typeof next !== "string") return Promise.resolve(next);
      return Promise.reject(new OSError({ code: next, syscall: "accept" }));
    },
    close: async () => {},
  };
}

/** A network with one connection to be had, or one listener, and what else it is given; a name's address is 127.0.0.1. */
export function fakeNet({
  listener,
  ...given
}: Partial<NetBackend> & { listener?: RawListener }): NetBackend {
  const absent = (): never => {
    throw new Error("not here");
  };
  return {
    lacks: new Set(),
    lookup: async () => [{ address: "127.0.0.1", family: "ipv4" }],
    adoptSocket: absent,
    adoptListener: absent,
    connectTcp: () => Promise.reject(new Error("not here")),
    listenTcp: async () => listener ?? fakeListener([]),
    ...given,
  };
}

/** TLS whose handshakes succeed at once, on a host that speaks it on its own sockets alone. */
export function fakeTls(lacks: readonly TlsFeature[], made: FakeTls): TlsBackend {
  return {
    lacks: new Set(lacks),
    connect: async (_, { serverName }) => {
      made.asked = serverName;
      await made.shaken;
      return made;
    },
  };
}

/** A TLS connection whose operations end when the test says so. */
export class FakeTls extends FakeSocket implements RawTlsStream {
  readonly info = {
    version: undefined,
    cipher: undefined,
    alpn: "h2",
    serverName: undefined,
    peerCertificate: undefined,
    sharedCiphers: undefined,
    channelBinding: undefined,
    resumed: undefined,
    session: (): undefined => undefined,
  };
  /** The name it was connected to. */
  asked = "";
  said = 0;
  shaken: Promise<void> = Promise.resolve();
  taken: Promise<void> = Promise.resolve();

  override shutdown(): Promise<void> {
    this.said += 1;
    return this.taken;
  }
}
