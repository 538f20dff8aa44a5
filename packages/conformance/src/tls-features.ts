import { CancelScope } from "@arborio/cancellation";
import { isError } from "@arborio/core";
import type { TlsBackend } from "@arborio/core/backend";
import {
  connectTcp,
  createTlsListener,
  TlsAttribute,
  wrapTls,
  type TlsClientOptions,
  type TlsStream,
} from "@arborio/net";
import { extra } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, refuses, rejection } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";
import { certificates, type Certificates } from "./certificates.ts";
import { withSilentPeer } from "./silent-peer.ts";
import type { Register } from "./suite.ts";
import { usePair } from "./tls-pair.ts";

/** What a host's TLS may be unable to do; where it is, that it says so. */
export function tlsFeatureTests({ run: test }: Register, { lacks }: TlsBackend): void {
  if (!lacks.has("client-certificate"))
    test("TLS: a client shows its certificate where it is asked for one", async () => {
      const { authority, client: own } = await certificates();
      const server = { ca: authority, clientCertificate: "require" } as const;
      await usePair(
        async ({ server: stream }) => {
          ok((extra(stream, TlsAttribute.peerCertificate)?.length ?? 0) > 100, "its certificate");
        },
        { client: own, server },
      );
    });

  const shows = !lacks.has("client-verification") && !lacks.has("client-certificate");
  if (shows)
    test("TLS: a server that asks takes clients without a certificate, and not with a strange one", async () => {
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
    });

  if (shows)
    test("TLS: a server that requires a certificate refuses a strange one as ERR_TLS_CERTIFICATE, with the host's error", async () => {
      const { authority, strange, unheard } = await certificates();
      for (const client of [strange, unheard]) {
        const told: unknown[] = [];
        const server = { ca: authority, clientCertificate: "require" } as const;
        await unserved({ ...server, onHandshakeError: (error: unknown) => void told.push(error) }, client);
        const [error] = told;
        ok(isError(error, "OSError"), `an OSError, received ${String(error)}`);
        equal([error.syscall, error.code], ["handshake", "ERR_TLS_CERTIFICATE"], "what it says");
        ok(error.cause instanceof Error, `the host's error as its cause, received ${String(error.cause)}`);
      }
    });

  if (!lacks.has("client-verification"))
    test("TLS: a server that requires a certificate refuses clients without", async () => {
      const { authority } = await certificates();
      const told: unknown[] = [];
      const server = { ca: authority, clientCertificate: "require" } as const;
      await unserved({ ...server, onHandshakeError: (error: unknown) => void told.push(error) }, {});
      ok(isError(told[0], "OSError") && told[0].code === "EPROTO", `told, received ${String(told[0])}`);
    });

  if (!lacks.has("server-names"))
    test("TLS: a server chooses its certificate by the name asked for", async () => {
      const { other } = await certificates();
      const server = { forName: (name: string) => (name === "other.example" ? other : undefined) };
      for (const serverName of ["other.example", "localhost"]) {
        await usePair(
          async ({ server: stream }) => equal(extra(stream, TlsAttribute.serverName), serverName, "the name"),
          { server, client: { serverName } },
        );
      }
    });

  if (!lacks.has("server-names")) {
    const failing: Record<string, () => unknown> = {
      "throws an error": () => {
        throw new Error("no");
      },
      "throws what is no error": () => {
        throw undefined;
      },
      "gives null": () => null,
      "gives a promise": () => Promise.resolve(undefined),
      "gives no PEM": () => ({ certificate: "none", key: "none" }),
    };
    for (const [does, forName] of Object.entries(failing))
      test(`TLS: a forName that ${does} fails that handshake, and nothing else`, async () => {
        const told: unknown[] = [];
        const broken = (name: string): unknown => (name === "localhost" ? forName() : undefined);
        const options = {
          forName: broken as () => null,
          onHandshakeError: (error: unknown) => void told.push(error),
        };
        await unserved(options, {});
        ok(isError(told[0], "OSError"), `an OSError, received ${String(told[0])}`);
        await usePair(async () => {}, {
          server: { forName: broken as () => null },
          client: { serverName: "127.0.0.1" },
        });
      });
  }

  if (!lacks.has("session")) {
    test("TLS: a client resumes a session that it was given", () =>
      resuming(async (talk) => {
        const first = await talk();
        equal(extra(first, TlsAttribute.resumed), false, "resumed, the first time");
        equal(
          extra(await talk({ session: first.session() }), TlsAttribute.resumed),
          true,
          "resumed, the second",
        );
      }));

    const others: Record<
      string,
      (made: Certificates) => { first?: TlsClientOptions; then: TlsClientOptions }
    > = {
      "for another name": () => ({ then: { serverName: "other.example" } }),
      "for another address": () => ({ then: { serverName: "127.0.0.2" } }),
      "by another authority": ({ strange }) => ({ then: { ca: strange.certificate } }),
      "at all": () => ({
        first: { verify: false, serverName: "other.example" },
        then: { serverName: "other.example" },
      }),
    };
    for (const [what, options] of Object.entries(others))
      test(`TLS: a session of a server that was not verified ${what} does not open it unverified`, () =>
        resuming(async (talk) => {
          const { first, then } = options(await certificates());
          const session = (await talk(first)).session();
          ok(session !== undefined, "a session");
          await refuses(talk({ ...then, session }), "ERR_TLS_CERTIFICATE", "the next connection");
        }));

    test("TLS: a session that is none is not resumed", () =>
      resuming(async (talk) => {
        for (const length of [0, 1, 32, 100]) {
          const client = await talk({ session: new Uint8Array(length) });
          equal(extra(client, TlsAttribute.resumed), false, "resumed");
        }
      }));
  }

  if (!lacks.has("versions"))
    test("TLS: the versions that both speak are agreed on", () =>
      usePair(
        async ({ client, server }) => {
          equal(extra(client, TlsAttribute.version), "TLSv1.2", "the client's");
          const [one, other] = [client, server].map((end) => extra(end, TlsAttribute.channelBinding));
          ok(one !== undefined && one.length > 0, "a channel binding");
          equal(one, other, "the same on both sides");
        },
        { client: { maxVersion: "TLSv1.2" } },
      ));

  if (!lacks.has("unverified"))
    test("TLS: with verify false anyone is taken", () =>
      usePair(async () => {}, { client: { verify: false, serverName: "nobody.example" } }));

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
    const talk = async (): Promise<void> => {
      await using stream = await connectTcp("127.0.0.1", port, { tls });
      await stream.receive();
    };
    await rejection(talk(), "the client");
    scope.cancel();
    await accepting;
  });
  await listener.close();
}

type Talk = (options?: TlsClientOptions) => Promise<TlsStream>;

/** Connections to one server, a byte received over each, for with it comes the session. */
async function resuming(fn: (talk: Talk) => Promise<void>): Promise<void> {
  const { authority, server } = await certificates();
  const listener = await createTlsListener(server);
  const { port } = listener.listener.localAddress;
  try {
    await taskGroup(async (group) => {
      group.spawn(() => listener.serve((stream) => stream.send(bytes("x"))));
      await fn(async (options) => {
        const tls = { ca: authority, serverName: "localhost", ...options };
        const client = await connectTcp("127.0.0.1", port, { tls });
        await client.receive();
        client.closeForcefully();
        return client;
      });
      group.cancel();
    });
  } finally {
    await listener[Symbol.asyncDispose]();
  }
}
