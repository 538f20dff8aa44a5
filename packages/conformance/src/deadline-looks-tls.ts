import { shield } from "@arborio/cancellation";
import { isError } from "@arborio/core";
import type { TlsBackend } from "@arborio/core/backend";
import { wrapTls, type TlsStream } from "@arborio/net";
import type { ByteStream } from "@arborio/streams";
import { equal, ok } from "./assert.ts";
import { bytes } from "./bytes.ts";
import { certificates } from "./certificates.ts";
import { tcpPlace } from "./meeting-places.ts";
import { failure, underDeadline, type LookTest } from "./under-deadline.ts";

/** TLS in place, and back: where the host has it. */
export function tlsLooks(test: LookTest, tls: TlsBackend): void {
  if (tls.wrap === undefined) return;
  test("TLS: a handshake in place succeeds, or closes the connection, or nothing has happened", () =>
    withEnds(async (client, server) => {
      const serving = shield(() => asServer(server)).catch(() => undefined);
      let secret: TlsStream | undefined;
      await underDeadline(
        async () => (secret = await asClient(client)),
        async (done) => {
          await checkLeft(secret ?? client, done);
          (await serving)?.closeForcefully();
        },
      );
    }));

  test("TLS: unwrap gives the stream below, or closes the connection, or nothing has happened", () =>
    withEnds(async (client, server) => {
      const [one, other] = await shield(() => Promise.all([asClient(client), asServer(server)]));
      const unwrapping = shield(() => other.unwrap()).catch(() => []);
      let plain: ByteStream | undefined;
      await underDeadline(
        async () => ([plain] = await one.unwrap()),
        async (done) => {
          await checkLeft(plain ?? one, done);
          for (const stream of (await unwrapping).slice(0, 1)) (stream as ByteStream).closeForcefully();
        },
      );
    }));
}

/** It sends if the operation succeeded; else it does or is closed. Closes it. */
async function checkLeft(stream: ByteStream, done: boolean): Promise<void> {
  const refused = await failure(stream.send(bytes("later")));
  if (done) equal(refused, undefined, "a later send");
  else ok(refused === undefined || isError(refused, "ClosedResourceError"), String(refused));
  stream.closeForcefully();
}

async function asClient(stream: ByteStream): Promise<TlsStream> {
  const { authority } = await certificates();
  return wrapTls(stream, { ca: authority, serverName: "localhost" });
}

async function asServer(stream: ByteStream): Promise<TlsStream> {
  const { server } = await certificates();
  return wrapTls(stream, { ...server, serverSide: true });
}

async function withEnds(use: (client: ByteStream, server: ByteStream) => Promise<void>): Promise<void> {
  const { listener, connect, close } = await shield(tcpPlace);
  const ends = await shield(() => Promise.all([connect(), listener.accept()]));
  try {
    await use(...ends);
  } finally {
    for (const end of ends) end.closeForcefully();
    await shield(close);
  }
}
