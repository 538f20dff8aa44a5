import { moveOnAfter } from "@arborio/cancellation";
import { isError, sleepForever } from "@arborio/core";
import { connectTcp, createTcpListener, type TcpListener, type TcpStream } from "@arborio/net";
import { BufferedByteStream, TextStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, rejection } from "./assert.ts";
import { bytes, receiveText, TOO_MUCH } from "./bytes.ts";
import { cancelWaiting } from "./cancelled.ts";
import { Random } from "./random.ts";
import type { Register } from "./suite.ts";
import { withTcpPair, type TcpPair } from "./tcp-pair.ts";

/**
 * Peers that break off, stall, flood, or ask for too much.
 * @param canReset false: the host ends a connection, also one that is closed forcefully, before it resets it
 */
export function hostilePeerTests(register: Register, canReset: boolean): void {
  resets(register, canReset);
  stalls(register);
  floods(register);
  crowds(register);
}

type Stage = (pair: TcpPair) => Promise<unknown>;

/** What waits at the server's end when the client resets. */
const stages: Readonly<Record<string, (server: TcpStream) => Promise<unknown>>> = {
  "a receive that waits": (server) => server.receive(),
  "a receive after a cancelled one": async (server) => {
    await cancelWaiting(() => server.receive());
    return server.receive();
  },
  "a send that waits": (server) => server.send(new Uint8Array(TOO_MUCH)),
  "a buffered receive with half of it here": async (server) =>
    new BufferedByteStream(server).receiveExactly(10),
};

function resets(register: Register, canReset: boolean): void {
  const isEnd = (error: unknown): boolean =>
    isError(error, "BrokenResourceError") ||
    (!canReset && (isError(error, "EndOfStream") || isError(error, "IncompleteRead")));
  for (const [name, wait] of Object.entries(stages)) {
    withTcpPair(
      register,
      `a reset ends ${name} with BrokenResourceError, the system's as its cause`,
      async (pair) => {
        await pair.client.send(bytes("half"));
        if (name.startsWith("a receive")) await receiveText(pair.server, 4);
        const waiting = rejection(wait(pair.server), name);
        await reset(pair);
        const error = await waiting;
        ok(isEnd(error), `its end, received ${String(error)}`);
        if (!isError(error, "BrokenResourceError")) return;
        const { cause } = error;
        ok(
          isError(cause, "OSError") && ["ECONNRESET", "EPIPE"].includes(cause.code),
          `its cause, received ${String(cause)}`,
        );
      },
    );
  }

  const after: Readonly<Record<string, Stage>> = {
    receive: ({ server }) => untilItFails(() => server.receive()),
    send: ({ server }) => untilItFails(() => server.send(new Uint8Array(65_536))),
  };
  for (const [name, act] of Object.entries(after)) {
    withTcpPair(
      register,
      `after a reset ${name} is BrokenResourceError, again and again, and close closes`,
      async (pair) => {
        await reset(pair);
        for (let i = 0; i < 3; i++) {
          const error = await act(pair);
          ok(isEnd(error), `its end, received ${String(error)}`);
        }
        await pair.server.close();
        await fails(pair.server.receive(), "ClosedResourceError", "receive");
      },
    );
  }

  withTcpPair(register, "a reset after this side's end breaks what is received", async (pair) => {
    await pair.server.send(bytes("unread"));
    await pair.server.sendEof();
    await reset(pair);
    const error = await untilItFails(() => pair.server.receive());
    ok(isEnd(error), `its end, received ${String(error)}`);
  });

  withTcpPair(
    register,
    "where a send found the connection broken, what is received then does not end as if it were whole",
    async (pair) => {
      await reset(pair);
      await untilItFails(() => pair.server.send(new Uint8Array(65_536)));
      for (let i = 0; i < 2; i++) {
        const error = await untilItFails(() => pair.server.receive());
        ok(isError(error, "BrokenResourceError"), `a BrokenResourceError, received ${String(error)}`);
      }
    },
  );

  register.run("a connection that is reset before it is accepted is no failure of serve", async () => {
    await serving(
      (stream) =>
        stream
          .receive()
          .then((got) => stream.send(got))
          .catch(() => {}),
      async (connect, listener) => {
        for (let i = 0; i < 5; i++) {
          const [early, next] = [await connect(), await connect()];
          early.closeForcefully();
          await next.send(bytes("x"));
          equal(await receiveText(next, 1), "x", "who comes next is served");
          next.closeForcefully();
        }
        ok(listener.localAddress.port > 0, "it still listens");
      },
    );
  });
}

function stalls(register: Register): void {
  const pair = (title: string, fn: (pair: TcpPair) => Promise<void>): void =>
    withTcpPair(register, title, fn);

  pair(
    "a peer that never reads: the send can be cancelled, and closing waits for nobody",
    async ({ client }) => {
      await cancelWaiting(() => client.send(new Uint8Array(TOO_MUCH)));
      await fails(client.send(bytes("x")), "BrokenResourceError", "a later send");
      await client.close();
    },
  );

  pair("a peer that never reads: closing in the middle of a send wakes it and closes", async ({ client }) => {
    const sending = fails(client.send(new Uint8Array(TOO_MUCH)), "ClosedResourceError", "the send");
    await client.close();
    await sending;
  });

  pair("half a message, and the end: IncompleteRead, and what came stays", async ({ client, server }) => {
    const buffered = new BufferedByteStream(server);
    await client.send(bytes("half"));
    await client.sendEof();
    await fails(buffered.receiveExactly(10), "IncompleteRead", "by length");
    await fails(buffered.receiveUntil(bytes("\n"), 10), "IncompleteRead", "by delimiter");
    equal(await receiveText(buffered, 4), "half", "what came");
  });

  pair(
    "half a message, and silence: the deadline cuts it, and the rest completes it",
    async ({ client, server }) => {
      const buffered = new BufferedByteStream(server);
      const line = (): Promise<Uint8Array> => buffered.receiveUntil(bytes("\n"), 100);
      await client.send(bytes("half "));
      equal(await moveOnAfter(20, line), undefined, "the first");
      await client.send(bytes("and half\n"));
      equal(new TextDecoder().decode(await line()), "half and half", "the line");
    },
  );

  register.run(
    "connections that send nothing are closed by their deadline, all the others served",
    async () => {
      await serving(
        async (stream) => {
          const got = await moveOnAfter(500, () => stream.receive());
          if (got !== undefined) await stream.send(got);
        },
        async (connect) => {
          const silent = await Promise.all(Array.from({ length: 30 }, connect));
          const busy = await connect();
          await busy.send(bytes("x"));
          equal(await receiveText(busy, 1), "x", "the echo");
          for (const stream of [...silent, busy]) {
            await fails(stream.receive(), "EndOfStream", "the end");
            await stream.close();
          }
        },
      );
    },
  );
}

function floods(register: Register): void {
  const limit = 1_000;
  const pair = (title: string, fn: (pair: TcpPair) => Promise<void>): void =>
    withTcpPair(register, title, fn);

  pair(
    "a line beyond the limit is DelimiterNotFound, and no more is read for it",
    async ({ client, server }) => {
      const buffered = new BufferedByteStream(server);
      const flooding = client.send(new Uint8Array(TOO_MUCH).fill(65)).catch(() => {});
      for (let i = 0; i < 3; i++)
        await fails(buffered.receiveUntil(bytes("\n"), limit), "DelimiterNotFound", "receiveUntil");
      ok(
        buffered.buffer.length <= limit + 65_536,
        `a chunk at most, received ${String(buffered.buffer.length)}`,
      );
      buffered.closeForcefully();
      client.closeForcefully();
      await flooding;
    },
  );

  pair("the same by lines of text", async ({ client, server }) => {
    const flooding = client.send(new Uint8Array(TOO_MUCH).fill(65)).catch(() => {});
    const lines = new TextStream(server).lines({ maxLength: limit });
    await fails(lines.next(), "DelimiterNotFound", "lines");
    client.closeForcefully();
    await flooding;
  });

  pair("a line at the limit is none beyond it, however it is cut", async ({ client, server }) => {
    const buffered = new BufferedByteStream(server);
    const sending = taskGroup(async () => {
      for (let i = 0; i < limit; i++) await client.send(bytes("a"));
      await client.send(bytes("\r"));
      await client.send(bytes("\n"));
    });
    equal((await buffered.receiveUntil(bytes("\r\n"), limit)).length, limit, "its length");
    await sending;
  });

  pair("sending nothing sends nothing, and is no end", async ({ client, server }) => {
    await client.send(new Uint8Array());
    await client.send(bytes("x"));
    await client.send(new Uint8Array());
    equal(await receiveText(server, 1), "x", "what came");
    await client.sendEof();
    await fails(server.receive(), "EndOfStream", "the end");
  });

  for (const seed of [1, 2, 3]) {
    pair(
      `M6: a torrent in pieces of all sizes, received in others, with receives cancelled (seed ${String(seed)})`,
      async ({ client, server }) => {
        await torrent(new Random(seed), client, server);
      },
    );
  }
}

const TORRENT = 1 << 21;

async function torrent(random: Random, client: TcpStream, server: TcpStream): Promise<void> {
  const sent = new Uint8Array(TORRENT).map((_, at) => (at * 31 + (at >> 8)) & 255);
  const received = new Uint8Array(TORRENT);
  const size = (): number => 1 + Math.floor(2 ** random.below(18));
  let count = 0;
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (let at = 0; at < TORRENT;) {
        const end = Math.min(TORRENT, at + size());
        await client.send(sent.subarray(at, end));
        at = end;
      }
      await client.sendEof();
    });
    while (count < TORRENT) {
      const cut = random.below(4) === 0;
      const got = await moveOnAfter(cut ? 0 : null, () => server.receive(size()));
      if (got === undefined) continue;
      received.set(got, count);
      count += got.length;
    }
  });
  await fails(server.receive(), "EndOfStream", "the end");
  equal(
    received.findIndex((byte, at) => byte !== sent[at]),
    -1,
    "the first byte that differs",
  );
}

function crowds(register: Register): void {
  register.run("clients cancelled at any moment of their connecting leave no connection open", async () => {
    const listener = await createTcpListener({ backlog: 1_000 });
    const { port } = listener.localAddress;
    const attempt = async (ms: number): Promise<void> => {
      const stream = await moveOnAfter(ms, () => connectTcp("127.0.0.1", port));
      await stream?.close();
    };
    await taskGroup(async (group) => {
      // Without a deadline: it ends when every connection has.
      group.spawn(() => listener.serve((stream) => untilItFails(() => stream.receive())));
      await Promise.all(Array.from({ length: 600 }, (_, n) => attempt((n % 60) / 2)));
      await listener.close();
    });
  });

  register.run(
    "a full queue: who cannot be accepted fails or waits; when it is emptied the listener goes on",
    async () => {
      const listener = await createTcpListener({ backlog: 2 });
      const { port } = listener.localAddress;
      const crowd = await Promise.all(
        Array.from({ length: 30 }, () =>
          moveOnAfter(200, () => connectTcp("127.0.0.1", port).catch(refused)),
        ),
      );
      for (const stream of crowd) stream?.closeForcefully();
      await taskGroup(async (group) => {
        group.spawn(() => listener.serve((stream) => stream.send(bytes("in")).catch(() => {})));
        const late = await connectTcp("127.0.0.1", port);
        equal(await receiveText(late, 2), "in", "who comes later");
        await late.close();
        await listener.close();
      });
    },
  );

  register.run("many at once are all served, and all end with the server", async () => {
    const ends: unknown[] = [];
    await serving(
      async (stream) => {
        await stream.send(bytes("hello"));
        await sleepForever();
      },
      async (connect, _, stop) => {
        const streams = await Promise.all(Array.from({ length: 200 }, connect));
        for (const stream of streams) equal(await receiveText(stream, 5), "hello", "the greeting");
        stop();
        for (const stream of streams) {
          ends.push(await rejection(stream.receive(), "receive"));
          stream.closeForcefully();
        }
      },
    );
    ok(
      ends.every((end) => isError(end, "EndOfStream") || isError(end, "BrokenResourceError")),
      "each has ended",
    );
  });
}

function refused(error: unknown): undefined {
  if (!isError(error, "OSError")) throw error;
}

/**
 * Closed with bytes unread, a connection is reset by the system, also where the host cannot ask for it. (Where a send waits
 * there are bytes unread.)
 */
async function reset({ client, server }: TcpPair): Promise<void> {
  await server.send(bytes("unread")).catch((error: unknown) => {
    if (!isError(error, "BusyResourceError") && !isError(error, "ClosedResourceError")) throw error;
  });
  client.closeForcefully();
}

async function untilItFails(act: () => Promise<unknown>): Promise<unknown> {
  try {
    for (;;) await act();
  } catch (error) {
    return error;
  }
}

/** Serves while `use` runs. */
async function serving(
  handler: (stream: TcpStream) => Promise<void>,
  use: (connect: () => Promise<TcpStream>, listener: TcpListener, stop: () => void) => Promise<void>,
): Promise<void> {
  const listener = await createTcpListener();
  try {
    await taskGroup(async (all) => {
      const server = all.spawn(() => listener.serve(handler));
      const connect = (): Promise<TcpStream> => connectTcp("127.0.0.1", listener.localAddress.port);
      await use(connect, listener, () => server.cancel());
      server.cancel();
    });
  } finally {
    await listener[Symbol.asyncDispose]();
  }
}
