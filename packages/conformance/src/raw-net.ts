import type { Backend, NetBackend, RawListener, RawTcpSocket } from "@arborio/core/backend";
import { equal, ok, refuses, rejection } from "./assert.ts";
import { bytes, countRead, text, TOO_MUCH } from "./bytes.ts";
import type { Register } from "./suite.ts";

const HOST = "127.0.0.1";

/** Both ends of a connection, and the listener it came by. */
export interface Pair {
  readonly net: NetBackend;
  readonly listener: RawListener;
  readonly client: RawTcpSocket;
  readonly server: RawTcpSocket;
}

/** The contract's sockets. */
export function rawNetTests({ raw }: Register): void {
  const withPair = (title: string, fn: (pair: Pair) => Promise<void>): void => {
    raw(`sockets: ${title}`, (backend) => usePair(backend, fn));
  };

  raw("sockets: a port where nobody listens is ECONNREFUSED, and the error names it", async ({ net }) => {
    const { port } = await freePort(net!);
    const error = await refuses(connect(net!, port), "ECONNREFUSED", "connect");
    equal([error.syscall, error.address], ["connect", `${HOST}:${String(port)}`], "what it names");
  });

  raw("sockets: an aborted signal rejects with its reason", async ({ net }) => {
    const { port } = await freePort(net!);
    const reason = new Error("not now");
    const error = await rejection(
      net!.connectTcp({ address: HOST, port }, AbortSignal.abort(reason)),
      "connect",
    );
    ok(error === reason, `the reason, received ${String(error)}`);
  });

  withPair("an attempt aborted in the moment it succeeds leaves no connection", async ({ net, listener }) => {
    const { port } = listener.localAddress;
    for (let round = 0; round < 50; round++) {
      const controller = new AbortController();
      const accepting = listener.accept().then((socket) => {
        controller.abort();
        return socket;
      });
      const client = await net.connectTcp({ address: HOST, port }, controller.signal).catch(() => undefined);
      const server = await accepting;
      await client?.close();
      equal(await server.read(1).catch(() => null), null, "its end");
      await server.close();
    }
  });

  withPair(
    "a second listener on a port is EADDRINUSE; after close the port is free",
    async ({ net, listener }) => {
      const { port } = listener.localAddress;
      const error = await refuses(net.listenTcp({ address: HOST, port }), "EADDRINUSE", "listen");
      equal([error.syscall, error.address], ["listen", `${HOST}:${String(port)}`], "what it names");
      await listener.close();
      await (await net.listenTcp({ address: HOST, port })).close();
    },
  );

  withPair("both ends know their addresses", async ({ client, server, listener }) => {
    equal(client.remoteAddress, listener.localAddress, "the client's peer");
    equal(server.remoteAddress, client.localAddress, "the server's peer");
    equal(client.remoteAddress.family, "ipv4", "the family");
  });

  withPair("a read gives at most what was asked for, in memory of its own", async ({ client, server }) => {
    await client.write(bytes("hello"));
    const first = await server.read(2);
    equal(text(first), "he", "the first read");
    new Uint8Array(first!.buffer).fill(0);
    equal(text(await server.read(100)), "llo", "the second");
  });

  withPair("a half-close ends one direction, again and again", async ({ client, server }) => {
    await client.write(bytes("last"));
    await client.shutdown();
    await client.shutdown();
    equal(text(await server.read(100)), "last", "what was sent before");
    equal([await server.read(100), await server.read(100)], [null, null], "the end");
    await server.write(bytes("still open"));
    equal(text(await client.read(100)), "still open", "the other direction");
    const error = await refuses(client.write(bytes("x")), "EPIPE", "a write after the end");
    equal(error.syscall, "write", "the syscall");
  });

  withPair("after both ends a socket still reads its end and closes", async ({ client, server }) => {
    await Promise.all([client.shutdown(), server.shutdown()]);
    equal([await client.read(1), await server.read(1)], [null, null], "the ends");
    equal(await client.read(1), null, "the end again");
    await client.close();
    await refuses(client.read(1), "EBADF", "read");
  });

  withPair("a write waits while the peer does not read", async ({ client, server }) => {
    let taken = false;
    const writing = client.write(new Uint8Array(TOO_MUCH)).then(() => (taken = true));
    let count = 0;
    // Some pass through, so that buffers on both sides are full, and most have not been read.
    while (count < TOO_MUCH / 4) count += (await server.read(65_536))?.length ?? 0;
    equal(taken, false, "whether the system has taken all");
    const rest = countRead(server);
    await writing;
    await client.shutdown();
    equal(count + (await rest), TOO_MUCH, "bytes read");
  });

  withPair(
    "close rejects what is under way with EBADF, and all that comes later",
    async ({ client, listener }) => {
      const reading = rejects(client.read(1), "read");
      const writing = rejects(client.write(new Uint8Array(TOO_MUCH)), "write");
      const accepting = rejects(listener.accept(), "accept");
      await Promise.all([client.close(), listener.close()]);
      await Promise.all([reading, writing, accepting]);
      const calls = {
        read: () => client.read(1),
        write: () => client.write(bytes("x")),
        shutdown: () => client.shutdown(),
      };
      for (const [name, call] of Object.entries(calls)) await rejects(call(), name);
      await rejects(listener.accept(), "accept");
      await Promise.all([client.close(), client.close({ abort: true }), listener.close()]);
    },
  );

  withPair("what was written before a close arrives", async ({ client, server }) => {
    await client.write(bytes("farewell"));
    await client.close();
    equal(text(await server.read(100)), "farewell", "the bytes");
    equal(await server.read(100), null, "the end");
  });

  withPair("writing to a peer that has gone is EPIPE or ECONNRESET", async ({ client, server }) => {
    await server.close({ abort: true });
    const write = async (): Promise<void> => {
      for (;;) await client.write(new Uint8Array(65_536));
    };
    await refuses(write(), ["EPIPE", "ECONNRESET"], "write");
  });

  withPair("a listener that closes closes what was not accepted", async ({ net, listener }) => {
    const late = await connect(net, listener.localAddress.port);
    await listener.close();
    const end = await late.read(1).catch((error: unknown) => (error as { code?: string }).code);
    ok(end === null || end === "ECONNRESET", `an end, received ${String(end)}`);
    await late.close();
  });

  withPair("connections are accepted in their order", async ({ net, listener }) => {
    const clients = [];
    for (let i = 0; i < 3; i++) clients.push(await connect(net, listener.localAddress.port));
    for (const client of clients) {
      const server = await listener.accept();
      equal(server.remoteAddress.port, client.localAddress.port, "who was accepted");
      await Promise.all([client.close(), server.close()]);
    }
  });
}

async function rejects(promise: Promise<unknown>, syscall: string): Promise<void> {
  const error = await refuses(promise, "EBADF", syscall);
  equal(error.syscall, syscall, "the syscall");
}

function connect(net: NetBackend, port: number, address: string = HOST): Promise<RawTcpSocket> {
  return net.connectTcp({ address, port }, new AbortController().signal);
}

async function freePort(net: NetBackend): Promise<{ port: number }> {
  const listener = await net.listenTcp({ address: HOST, port: 0 });
  await listener.close();
  return listener.localAddress;
}

/** Makes a connection, and closes all of it. */
export async function usePair(
  { net }: Backend,
  fn: (pair: Pair) => Promise<void>,
  address: string = HOST,
): Promise<void> {
  const listener = await net!.listenTcp({ address, port: 0 });
  const [client, server] = await Promise.all([
    connect(net!, listener.localAddress.port, address),
    listener.accept(),
  ]);
  try {
    await fn({ net: net!, listener, client, server });
  } finally {
    await Promise.all([client, server, listener].map((open) => open.close()));
  }
}
