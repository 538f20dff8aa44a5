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
import { equal, fails, ok, rejection } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";
import { certificates } from "./certificates.ts";
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

  if (!lacks.has("client-verification"))
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

  if (!lacks.has("session"))
    test("TLS: a client resumes a session that it was given", async () => {
      const { authority, server } = await certificates();
      const listener = await createTlsListener(server);
      const { port } = listener.listener.localAddress;
      const talk = async (session: Uint8Array | undefined): Promise<TlsStream> => {
        const tls = { ca: authority, serverName: "localhost", session };
        const [client, other] = await Promise.all([
          connectTcp("127.0.0.1", port, { tls }),
          listener.accept(),
        ]);
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
