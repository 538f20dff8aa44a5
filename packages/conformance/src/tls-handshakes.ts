import { CancelScope, failAfter } from "@arborio/cancellation";
import { isCancelled, isError } from "@arborio/core";
import type { TlsBackend } from "@arborio/core/backend";
import {
  TlsAttribute,
  TlsConnectable,
  wrapTls,
  type TcpStream,
  type TlsClientOptions,
  type TlsServerOptions,
} from "@arborio/net";
import { extra, type TypedAttribute } from "@arborio/streams";
import { equal, fails, ok, refuses, rejection } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";
import { certificates } from "./certificates.ts";
import { withSilentPeer } from "./silent-peer.ts";
import type { Register } from "./suite.ts";
import { usePair } from "./tls-pair.ts";

/** Handshakes: what the ends agree on, and how they fail. */
export function tlsHandshakeTests({ run: test }: Register, { lacks }: TlsBackend): void {
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
  refused("a certificate for another address", () => ({ client: { serverName: "127.0.0.2" } }));
  refused("a certificate of an unknown authority", ({ strange }) => ({
    client: { ca: strange.certificate },
  }));
  refused("a certificate that is no longer valid", ({ expired }) => ({ server: expired }));
  // Deno's server does not serve with such a one, and says nothing.
  if (!lacks.has("alerts"))
    refused("a certificate with a critical extension that is unknown", ({ unheard }) => ({
      server: unheard,
    }));

  for (const serverName of ["::1%lo", "::1%7"]) {
    const tls = (name: string): Promise<void> =>
      usePair(async () => {}, { host: "::1", client: { serverName: name } });
    test(`TLS: the scope of an address is not part of the certificate's name: ${serverName}`, async () => {
      await tls(serverName);
      const other = await rejection(firstFailure(tls(serverName.replace("1", "2"))), "another address");
      ok(
        isError(other, "OSError") && other.code === "ERR_TLS_CERTIFICATE",
        `refused, received ${String(other)}`,
      );
    });
  }

  test("TLS: what is no TLS at all is an OSError EPROTO", () =>
    withSilentPeer(async (connect, peer) => {
      const connecting = refuses(connect(), "EPROTO", "connect");
      await (await peer()).send(bytes("HTTP/1.1 400 Bad Request\r\n\r\n"));
      equal((await connecting).syscall, "handshake", "the syscall");
    }));

  const leaving: Record<string, (peer: TcpStream) => unknown> = {
    leaves: (peer) => peer.close(),
    "ends its sending": (peer) => peer.sendEof(),
    resets: (peer) => peer.closeForcefully(),
  };
  for (const [verb, leave] of Object.entries(leaving)) {
    test(`TLS: a peer that ${verb} during the handshake is an OSError ECONNRESET`, () =>
      withSilentPeer(async (connect, peer) => {
        const connecting = refuses(connect(), "ECONNRESET", "connect");
        const other = await peer();
        await other.receive();
        await leave(other);
        equal((await connecting).syscall, "handshake", "the syscall");
      }));
  }

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

  test("TLS: attributes: the protocol agreed on, the sides, and what the host tells besides", () =>
    usePair(
      async ({ client, server }) => {
        for (const [stream, serverSide] of [
          [client, false],
          [server, true],
        ] as const) {
          equal(extra(stream, TlsAttribute.alpnProtocol), "second", "alpnProtocol");
          equal(extra(stream, TlsAttribute.serverSide), serverSide, "serverSide");
          equal(extra(stream, TlsAttribute.standardCompatible), true, "standardCompatible");
          const version = extra(stream, TlsAttribute.version);
          ok(
            version === undefined || /^TLSv1\.[23]$/.test(version),
            `a version, received ${String(version)}`,
          );
          const cipher = extra(stream, TlsAttribute.cipher);
          equal(cipher === undefined, version === undefined, "whether there is a cipher");
          const { channelBinding, peerCertificate, resumed, serverName, sharedCiphers } = TlsAttribute;
          for (const key of [channelBinding, peerCertificate, resumed, serverName, sharedCiphers])
            extra(stream, key as TypedAttribute<unknown>);
        }
      },
      { client: { alpn: ["first", "second"] }, server: { alpn: ["second", "third"] } },
    ));

  test("TLS: without a protocol in common the handshake is an OSError EPROTO", async () => {
    const pair = usePair(async () => {}, { client: { alpn: ["first"] }, server: { alpn: ["second"] } });
    const error = await rejection(firstFailure(pair), "connect");
    // Where the server says nothing of why it refuses, all the client knows is that it left.
    const code = lacks.has("alerts") ? "ECONNRESET" : "EPROTO";
    ok(isError(error, "OSError") && error.code === code, `${code}, received ${String(error)}`);
  });
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

async function untilEnd(stream: TcpStream): Promise<void> {
  for (;;) await stream.receive();
}
