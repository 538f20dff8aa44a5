import { CancelScope, failAfter } from "@arborio/cancellation";
import { isCancelled, isError } from "@arborio/core";
import type { TlsBackend } from "@arborio/core/backend";
import {
  connectTcp,
  createTcpListener,
  createTlsListener,
  TlsAttribute,
  TlsConnectable,
  wrapTls,
  type TcpListener,
  type TcpStream,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsStream,
} from "@arborio/net";
import { extra, type TypedAttribute } from "@arborio/streams";
import { equal, fails, ok, refuses, rejection } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";
import { certificates } from "./certificates.ts";
import type { Register } from "./suite.ts";
import { usePair, withTlsPair } from "./tls-pair.ts";

/** Handshakes: what the ends agree on, and how they fail. */
export function tlsHandshakeTests(register: Register, { lacks }: TlsBackend): void {
  const { run: test } = register;

  for (const host of ["127.0.0.1", "::1", "localhost"]) {
    test(`TLS: a server is found by the name it has: ${host}`, () =>
      usePair(
        async ({ client, server }) => {
          await client.send(bytes("hello"));
          equal(await receiveText(server, 5), "hello", "what arrived");
        },
        { host: host === "localhost" ? "127.0.0.1" : host, client: { serverName: host } },
      ));
  }

  test("TLS: names are put in ASCII by UTS 46: faß.de is not fass.de", async () => {
    const talk = (serverName: string): Promise<void> => usePair(async () => {}, { client: { serverName } });
    await talk("faß.de");
    await talk("FASS.de").then(
      () => ok(false, "fass.de was found"),
      () => {},
    );
  });

  const refused = (title: string, tls: (made: Awaited<ReturnType<typeof certificates>>) => Refusal): void => {
    test(`TLS: ${title} is an OSError ERR_TLS_CERTIFICATE, and nothing is left open`, async () => {
      const { client, server } = tls(await certificates());
      const pair = usePair(async () => {}, { client: client ?? {}, server: server ?? {} });
      // The listener goes on: it is the test that ends it.
      const error = await rejection(firstFailure(pair), "connect");
      ok(isError(error, "OSError"), `an OSError, received ${String(error)}`);
      equal([error.syscall, error.code], ["handshake", "ERR_TLS_CERTIFICATE"], "what it says");
      ok(error.cause instanceof Error, "the host's own error as its cause");
    });
  };
  refused("a certificate for another name", () => ({ client: { serverName: "other.example" } }));
  refused("a certificate of an unknown authority", ({ strange }) => ({
    client: { ca: strange.certificate },
  }));
  refused("a certificate that is no longer valid", ({ expired }) => ({ server: expired }));

  test("TLS: what is no TLS at all is an OSError EPROTO", () =>
    withSilentPeer(async (connect, peer) => {
      const connecting = refuses(connect(), "EPROTO", "connect");
      await (await peer()).send(bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
      equal((await connecting).syscall, "handshake", "the syscall");
    }));

  test("TLS: a peer that leaves during the handshake is an OSError ECONNRESET", () =>
    withSilentPeer(async (connect, peer) => {
      const connecting = refuses(connect(), "ECONNRESET", "connect");
      await (await peer()).close();
      equal((await connecting).syscall, "handshake", "the syscall");
    }));

  test("TLS: a cancelled handshake closes the connection", () =>
    withSilentPeer(async (connect, peer) => {
      const scope = new CancelScope();
      const connecting = scope.run(() => connect());
      const other = await peer();
      await receiveText(other, 1);
      scope.cancel();
      await connecting;
      ok(scope.cancelledCaught, "cancelledCaught");
      if (lacks.has("close-in-handshake")) await other.send(bytes("no TLS at all"));
      const end = await rejection(untilEnd(other), "the peer");
      ok(
        isError(end, "EndOfStream") || isError(end, "BrokenResourceError"),
        `its end, received ${String(end)}`,
      );
    }));

  test("TLS: a peer that never answers is waited for until a timeout", () =>
    withSilentPeer(async (connect) => {
      await fails(
        failAfter(50, () => connect()),
        "TimeoutError",
        "connect",
      );
    }));

  test("C3: TLS: wrapTls in a cancelled scope throws, and the stream is as it was", () =>
    withSilentPeer(async (_connect, peer, plain) => {
      const stream = await plain();
      const scope = new CancelScope();
      await scope.run(async () => {
        scope.cancel();
        const error = await rejection(wrapTls(stream, { serverName: "localhost" }), "wrapTls");
        ok(isCancelled(error), `a Cancelled, received ${String(error)}`);
      });
      await stream.send(bytes("plain"));
      equal(await receiveText(await peer(), 5), "plain", "what arrived");
      await stream.close();
    }));

  test("TLS: the stream that was wrapped is unusable, also if the handshake failed", () =>
    withSilentPeer(async (_connect, peer, plain) => {
      const stream = await plain();
      const wrapping = rejection(wrapTls(stream, { serverName: "localhost" }), "wrapTls");
      await fails(stream.receive(), "ClosedResourceError", "receive");
      await fails(stream.send(bytes("x")), "ClosedResourceError", "send");
      await fails(wrapTls(stream, { serverName: "localhost" }), "ClosedResourceError", "wrapTls again");
      await (await peer()).close();
      await wrapping;
    }));

  test("TLS: a stream that another task uses cannot be wrapped", () =>
    withSilentPeer(async (_connect, peer, plain) => {
      const stream = await plain();
      const receiving = stream.receive();
      await fails(wrapTls(stream, { serverName: "localhost" }), "BusyResourceError", "wrapTls");
      await (await peer()).send(bytes("x"));
      equal((await receiving).length, 1, "the receive goes on");
      await stream.close();
    }));

  test("TLS: a connectable over another connects and speaks TLS", () =>
    withSilentPeer(async (_connect, peer, plain) => {
      const connectable = new TlsConnectable({ connect: plain }, { serverName: "localhost" });
      const connecting = refuses(connectable.connect(), "ECONNRESET", "connect");
      await (await peer()).close();
      await connecting;
    }));

  withTlsPair(
    register,
    "TLS: attributes: the protocol agreed on, the sides, and what the host tells besides",
    async ({ client, server }) => {
      for (const [stream, serverSide] of [
        [client, false],
        [server, true],
      ] as const) {
        equal(extra(stream, TlsAttribute.alpnProtocol), "second", "alpnProtocol");
        equal(extra(stream, TlsAttribute.serverSide), serverSide, "serverSide");
        equal(extra(stream, TlsAttribute.standardCompatible), true, "standardCompatible");
        const version = extra(stream, TlsAttribute.version);
        ok(version === undefined || /^TLSv1\.[23]$/.test(version), `a version, received ${String(version)}`);
        const cipher = extra(stream, TlsAttribute.cipher);
        equal(cipher === undefined, version === undefined, "whether there is a cipher");
        const { channelBinding, peerCertificate, resumed, serverName, sharedCiphers } = TlsAttribute;
        for (const key of [channelBinding, peerCertificate, resumed, serverName, sharedCiphers])
          extra(stream, key as TypedAttribute<unknown>);
      }
    },
    { client: { alpn: ["first", "second"] }, server: { alpn: ["second", "third"] } },
  );

  test("TLS: without a protocol in common the handshake is an OSError EPROTO", async () => {
    const pair = usePair(async () => {}, { client: { alpn: ["first"] }, server: { alpn: ["second"] } });
    const error = await rejection(firstFailure(pair), "connect");
    ok(isError(error, "OSError") && error.code === "EPROTO", `EPROTO, received ${String(error)}`);
  });

  const needs = (feature: Parameters<typeof lacks.has>[0], title: string, fn: () => Promise<void>): void => {
    if (!lacks.has(feature)) test(title, fn);
  };

  needs("client-certificate", "TLS: a client shows its certificate where it is asked for one", async () => {
    const { authority, client: own } = await certificates();
    const server = { ca: authority, clientCertificate: "require" } as const;
    await usePair(
      async ({ server: stream }) => {
        ok((extra(stream, TlsAttribute.peerCertificate)?.length ?? 0) > 100, "its certificate");
      },
      { client: own, server },
    );
  });

  needs(
    "client-verification",
    "TLS: a server that asks takes clients without a certificate, and not with a strange one",
    async () => {
      const { authority, strange } = await certificates();
      const server = { ca: authority, clientCertificate: "ask" } as const;
      await usePair(
        async ({ server: stream }) => equal(extra(stream, TlsAttribute.peerCertificate), undefined, "none"),
        { server },
      );
      const told: unknown[] = [];
      await unserved({ ...server, onHandshakeError: (error: unknown) => void told.push(error) }, strange);
      ok(
        isError(told[0], "OSError") && told[0].code === "ERR_TLS_CERTIFICATE",
        `told, received ${String(told[0])}`,
      );
    },
  );

  needs(
    "client-verification",
    "TLS: a server that requires a certificate refuses clients without",
    async () => {
      const { authority } = await certificates();
      const told: unknown[] = [];
      const server = { ca: authority, clientCertificate: "require" } as const;
      await unserved({ ...server, onHandshakeError: (error: unknown) => void told.push(error) }, {});
      ok(isError(told[0], "OSError") && told[0].code === "EPROTO", `told, received ${String(told[0])}`);
    },
  );

  needs("server-names", "TLS: a server chooses its certificate by the name asked for", async () => {
    const { other } = await certificates();
    const server = { forName: (name: string) => (name === "other.example" ? other : undefined) };
    for (const serverName of ["other.example", "localhost"]) {
      await usePair(
        async ({ server: stream }) => equal(extra(stream, TlsAttribute.serverName), serverName, "the name"),
        { server, client: { serverName } },
      );
    }
  });

  needs("session", "TLS: a client resumes a session that it was given", async () => {
    const { authority, server } = await certificates();
    const listener = await createTlsListener(server);
    const { port } = listener.listener.localAddress;
    const talk = async (session: Uint8Array | undefined): Promise<TlsStream> => {
      const tls = { ca: authority, serverName: "localhost", session };
      const [client, other] = await Promise.all([connectTcp("127.0.0.1", port, { tls }), listener.accept()]);
      await other.send(bytes("x"));
      await client.receive();
      for (const end of [client, other]) end.closeForcefully();
      return client;
    };
    const first = await talk(undefined);
    equal(extra(first, TlsAttribute.resumed), false, "resumed, the first time");
    equal(extra(await talk(first.session()), TlsAttribute.resumed), true, "resumed, the second");
    await listener.close();
  });

  needs("versions", "TLS: the versions that both speak are agreed on", () =>
    usePair(
      async ({ client, server }) => {
        equal(extra(client, TlsAttribute.version), "TLSv1.2", "the client's");
        const [one, other] = [client, server].map((end) => extra(end, TlsAttribute.channelBinding));
        ok(one !== undefined && one.length > 0, "a channel binding");
        equal(one, other, "the same on both sides");
      },
      { client: { maxVersion: "TLSv1.2" } },
    ),
  );

  needs("unverified", "TLS: with verify false anyone is taken", () =>
    usePair(async () => {}, { client: { verify: false, serverName: "nobody.example" } }),
  );

  const absent = {
    "client-certificate": async () => ({ ...(await certificates()).client }),
    unverified: async () => ({ verify: false }),
    session: async () => ({ session: new Uint8Array(1) }),
    versions: async () => ({ minVersion: "TLSv1.3" as const }),
  };
  for (const [feature, options] of Object.entries(absent)) {
    if (!lacks.has(feature as keyof typeof absent)) continue;
    test(`absence: TLS without ${feature}: asking for it is an UnsupportedError, and the stream is as it was`, () =>
      withSilentPeer(async (_connect, peer, plain) => {
        const stream = await plain();
        const asked = { serverName: "localhost", ...(await options()) };
        await fails(wrapTls(stream, asked), "UnsupportedError", "wrapTls");
        await stream.send(bytes("plain"));
        equal(await receiveText(await peer(), 5), "plain", "what arrived");
        await stream.close();
      }));
  }
}

interface Refusal {
  readonly client?: TlsClientOptions;
  readonly server?: Partial<TlsServerOptions>;
}

/** What a pair fails with, of which only one side need. */
async function firstFailure(pair: Promise<void>): Promise<void> {
  try {
    await pair;
  } catch (error) {
    if (isError(error, "TaskGroupError")) throw error.errors[0];
    throw error;
  }
}

/** A client that a server turns away. */
async function unserved(server: object, client: TlsClientOptions): Promise<void> {
  const made = await certificates();
  const listener = await createTlsListener({ ...made.server, ...server });
  const scope = new CancelScope();
  await scope.run(async () => {
    const accepting = listener.accept();
    const { port } = listener.listener.localAddress;
    const tls = { ca: made.authority, serverName: "localhost", ...client };
    // From TLS 1.3 on a client learns of it only when it receives.
    const talk = async (): Promise<unknown> => (await connectTcp("127.0.0.1", port, { tls })).receive();
    await rejection(talk(), "the client");
    scope.cancel();
    await accepting;
  });
  await listener.close();
}

async function untilEnd(stream: TcpStream): Promise<void> {
  for (;;) await stream.receive();
}

/** A peer that speaks only what the test says. */
async function withSilentPeer(
  fn: (
    connect: () => Promise<unknown>,
    peer: () => Promise<TcpStream>,
    plain: () => Promise<TcpStream>,
  ) => Promise<void>,
): Promise<void> {
  const { authority } = await certificates();
  const listener: TcpListener = await createTcpListener();
  const { port } = listener.localAddress;
  const open: TcpStream[] = [];
  const keep = (stream: TcpStream): TcpStream => {
    open.push(stream);
    return stream;
  };
  try {
    await fn(
      () => connectTcp("127.0.0.1", port, { tls: { ca: authority, serverName: "localhost" } }),
      async () => keep(await listener.accept()),
      async () => keep(await connectTcp("127.0.0.1", port)),
    );
  } finally {
    for (const stream of [...open, listener]) await stream[Symbol.asyncDispose]();
  }
}
