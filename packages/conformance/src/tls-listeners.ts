import { CancelScope } from "@arborio/cancellation";
import { isError, leaves } from "@arborio/core";
import type { TlsBackend } from "@arborio/core/backend";
import {
  connectTcp,
  createTlsListener,
  type CreateTlsListenerOptions,
  type TcpListener,
  type TcpStream,
  type TlsListener,
  type TlsStream,
} from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, refuses, rejection } from "./assert.ts";
import { bytes, echo, receiveText } from "./bytes.ts";
import { certificates } from "./certificates.ts";
import type { Register } from "./suite.ts";

interface Open {
  readonly listener: TlsListener<TcpListener>;
  readonly connect: () => Promise<TlsStream>;
  /** A client that does not speak TLS. */
  readonly knock: () => Promise<TcpStream>;
  /** What onHandshakeError was told, and for which connection. */
  readonly told: { readonly error: unknown; readonly port: number }[];
}

/** Listeners whose connections speak TLS, on every host. */
export function tlsListenerTests({ run: test }: Register, { lacks }: TlsBackend): void {
  test("TLS: a listener that serves tells of a failed handshake, once, and serves on", () =>
    listening(async ({ listener, connect, knock, told }) => {
      await serving(listener, async () => {
        const stranger = await knock();
        await stranger.send(bytes("no TLS at all, and long enough to be seen"));
        await ended(stranger);
        await stranger.close();
        const client = await connect();
        await client.send(bytes("ping"));
        equal(await receiveText(client, 4), "ping", "the echo");
        await client.close();
        equal([told.length, told[0]?.port], [1, stranger.localAddress.port], "what was told, and of whom");
      });
      const [{ error } = { error: undefined }] = told;
      ok(
        isError(error, "OSError") && error.syscall === "handshake",
        `a handshake's, received ${String(error)}`,
      );
    }));

  test("TLS: sends to a client that has left fail in the end, and serve ends", () =>
    listening(async ({ listener, connect }) => {
      let failure: unknown;
      await taskGroup(async (group) => {
        group.spawn(() =>
          listener.serve(async (stream) => {
            await rejection(stream.receive(), "receive");
            failure = await rejection(sendForever(stream), "send");
            await listener.close();
          }),
        );
        await (await connect()).close();
      });
      ok(isError(failure, "BrokenResourceError"), `a BrokenResourceError, received ${String(failure)}`);
    }));

  test("TLS: a client that leaves during its handshake is told of", () =>
    listening(async ({ listener, connect, knock, told }) => {
      await serving(listener, async () => {
        const stranger = await knock();
        await stranger.send(Uint8Array.of(22, 3));
        await stranger.close();
        while (told.length === 0) await (await connect()).close();
      });
      const error = told[0]?.error;
      ok(isError(error, "OSError") && error.code === "ECONNRESET", `ECONNRESET, received ${String(error)}`);
    }));

  test("TLS: a client that refuses the certificate leaves the server as it was", () =>
    listening(async ({ listener, connect, told }) => {
      await serving(listener, async () => {
        const { strange } = await certificates();
        const tls = { ca: strange.certificate, serverName: "localhost" };
        const { port } = listener.listener.localAddress;
        await refuses(connectTcp("127.0.0.1", port, { tls }), "ERR_TLS_CERTIFICATE", "connect");
        const client = await connect();
        await client.send(bytes("ping"));
        equal(await receiveText(client, 4), "ping", "the echo");
        await client.close();
      });
      ok(told.length <= 1, `told at most once, received ${String(told.length)}`);
    }));

  test("TLS: a client that is silent holds up nobody, and is told of when its time is over", () =>
    listening(
      async ({ listener, connect, knock, told }) => {
        await serving(listener, async () => {
          const silent = await knock();
          const client = await connect();
          await client.send(bytes("ping"));
          equal(await receiveText(client, 4), "ping", "the echo, meanwhile");
          await client.close();
          if (lacks.has("close-in-handshake")) while (told.length === 0) await (await connect()).close();
          else await ended(silent);
          await silent.close();
        });
        ok(isError(told[0]?.error, "TimeoutError"), `a TimeoutError, received ${String(told[0]?.error)}`);
      },
      { handshakeTimeout: 150 },
    ));

  test("TLS: a listener that is cancelled while handshakes are under way ends, and tells of none", () =>
    listening(async ({ listener, knock, told }) => {
      const scope = new CancelScope();
      const serves = scope.run(() => listener.serve(echo));
      const silent = await knock();
      await silent.send(Uint8Array.of(22));
      scope.cancel();
      await serves;
      equal([scope.cancelledCaught, told.length], [true, 0], "cancelled, told");
      await silent.close();
    }));

  test("TLS: accept gives the next connection whose handshake succeeds", () =>
    listening(async ({ listener, connect, knock, told }) => {
      const accepting = listener.accept();
      const stranger = await knock();
      await stranger.send(bytes("no TLS at all, and long enough to be seen"));
      const client = await connect();
      const server = await accepting;
      await server.send(bytes("hello"));
      equal([await receiveText(client, 5), told.length], ["hello", 1], "what arrived, how many were told");
      for (const open of [client, server, stranger]) open.closeForcefully();
    }));

  test("TLS: what a handler leaves is closed, with a close_notify", () =>
    listening(async ({ listener, connect }) => {
      await serving(
        listener,
        async () => {
          const client = await connect();
          equal(await receiveText(client, 3), "bye", "what arrived");
          await fails(client.receive(), "EndOfStream", "the end");
          await client.close();
        },
        (stream) => stream.send(bytes("bye")),
      );
    }));

  test("M4: TLS: closing a listener wakes its accept with ClosedResourceError", () =>
    listening(async ({ listener }) => {
      const accepting = fails(listener.accept(), "ClosedResourceError", "accept");
      await listener.close();
      await accepting;
      await fails(listener.accept(), "ClosedResourceError", "a later accept");
    }));

  test("TLS: a key that the host cannot read is the listener's failure, not each client's", async () => {
    const { server } = await certificates();
    const key = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    const failure = await rejection(listenAndServe({ ...server, key }), "to serve");
    const [error] = leaves(failure);
    ok(error instanceof TypeError || isError(error, "OSError"), `an error, received ${String(error)}`);
  });

  test("TLS: a listener's bad options are errors at once", async () => {
    const { server } = await certificates();
    for (const bad of [
      { certificate: "no PEM" },
      { key: "no PEM" },
      { handshakeTimeout: 0 },
      { handshakeTimeout: NaN },
      { alpn: [""] },
      { clientCertificate: "perhaps" as "ask" },
    ]) {
      let thrown: unknown;
      try {
        void createTlsListener({ ...server, ...bad });
      } catch (error) {
        thrown = error;
      }
      ok(
        thrown instanceof TypeError || thrown instanceof RangeError,
        `${Object.keys(bad).join()}, received ${String(thrown)}`,
      );
    }
  });
}

async function listening(
  fn: (open: Open) => Promise<void>,
  options: Partial<CreateTlsListenerOptions> = {},
): Promise<void> {
  const { authority, server } = await certificates();
  const told: { error: unknown; port: number }[] = [];
  const listener = await createTlsListener({
    ...server,
    ...options,
    onHandshakeError: (error, stream) => void told.push({ error, port: stream.remoteAddress.port }),
  });
  const { port } = listener.listener.localAddress;
  const tls = { ca: authority, serverName: "localhost" };
  try {
    await fn({
      listener,
      told,
      connect: () => connectTcp("127.0.0.1", port, { tls }),
      knock: () => connectTcp("127.0.0.1", port),
    });
  } finally {
    await listener[Symbol.asyncDispose]();
  }
}

/** Until a client speaks. */
async function listenAndServe(options: CreateTlsListenerOptions): Promise<void> {
  await using listener = await createTlsListener(options);
  const { port } = listener.listener.localAddress;
  await taskGroup(async (group) => {
    group.spawn(async () => {
      const tls = { ca: options.certificate, serverName: "localhost" };
      await rejection(connectTcp("127.0.0.1", port, { tls }), "the client");
    });
    await listener.serve(echo);
  });
}

async function serving(
  listener: TlsListener<TcpListener>,
  fn: () => Promise<void>,
  handler: (stream: TlsStream) => Promise<void> = echo,
): Promise<void> {
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(handler));
    await fn();
    group.cancel();
  });
}

async function sendForever(stream: TlsStream): Promise<never> {
  for (;;) await stream.send(new Uint8Array(1000));
}

async function ended(stream: TcpStream): Promise<void> {
  const until = async (): Promise<void> => {
    for (;;) await stream.receive();
  };
  const end = await rejection(until(), "the peer");
  ok(isError(end, "EndOfStream") || isError(end, "BrokenResourceError"), `an end, received ${String(end)}`);
}
