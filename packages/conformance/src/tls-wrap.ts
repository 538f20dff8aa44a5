import { CancelScope } from "@arborio/cancellation";
import { EndOfStream, isError, sleepForever, type ErrorVocabulary } from "@arborio/core";
import type { TlsBackend } from "@arborio/core/backend";
import { capability } from "@arborio/core/lowlevel";
import { temporaryDirectory } from "@arborio/fs";
import {
  connectTcp,
  connectUnix,
  createTcpListener,
  createTlsListener,
  createUnixListener,
  SocketAttribute,
  TlsAttribute,
  wrapTls,
  type TlsStream,
} from "@arborio/net";
import { createMemoryByteStreams, extra, type ByteStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, rejection } from "./assert.ts";
import { bytes, receiveText, text } from "./bytes.ts";
import { cancelWaiting } from "./cancelled.ts";
import { certificates } from "./certificates.ts";
import { Relay } from "./relay.ts";
import type { Register } from "./suite.ts";
import { usePair } from "./tls-pair.ts";

/** TLS in place, over any stream, and back. */
export function tlsWrapTests({ run: test }: Register): void {
  const kinds: Record<string, (fn: (ends: Ends) => Promise<void>) => Promise<void>> = {
    TCP: overTcp,
    UNIX: overUnix,
    "memory streams": (fn) => overStreams(createMemoryByteStreams(), fn),
  };
  for (const [kind, use] of Object.entries(kinds)) {
    test(`TLS: STARTTLS over ${kind}: plain lines, then TLS in place, on both sides`, () =>
      use(async (ends) => {
        const [client, server] = ends;
        await server.send(bytes("220 ready\n"));
        equal(await receiveText(client, 10), "220 ready\n", "the greeting");
        const [one, other] = await wrapBoth(ends);
        await one.send(bytes("secret"));
        equal(await receiveText(other, 6), "secret", "what arrived");
        await one.close();
        await fails(other.receive(), "EndOfStream", "the end");
        await other.close();
      }));

    test(`M6: TLS: bytes that arrive for a cancelled receive go to the next, over ${kind}`, () =>
      use(async (ends) => {
        const [one, other] = await wrapBoth(ends);
        await cancelWaiting(() => one.receive());
        await cancelWaiting(() => one.receive());
        for (const word of ["first", "other"]) {
          await other.send(bytes(word));
          equal(await receiveText(one, 5), word, "what arrived");
        }
        for (const open of [one, other]) open.closeForcefully();
      }));

    test(`TLS: unwrap over ${kind} gives the stream below back, and what came after TLS`, () =>
      use(async (ends) => {
        const [one, other] = await wrapBoth(ends);
        const unwrapping = other.unwrap();
        await fails(one.receive(), "EndOfStream", "the end of TLS");
        const [plain, left] = await one.unwrap();
        await plain.send(bytes("plain again"));
        const [back, leftover] = await unwrapping;
        const rest = 11 - leftover.length;
        equal(`${text(leftover)!}${await receiveText(back, rest)}`, "plain again", "what arrived");
        equal(left.length, 0, "left over on the other side");
        await back.send(bytes("so it is"));
        equal(await receiveText(plain, 8), "so it is", "the answer");
        await fails(one.receive(), "ClosedResourceError", "the TLS stream");
        await fails(one.unwrap(), "ClosedResourceError", "unwrap again");
        for (const open of [plain, back]) await open.close();
      }));

    test(`TLS: unwrap over ${kind} gives a stream that knows what the one below knew`, () =>
      use(async (ends) => {
        const known = ends.map(socketFacts);
        const wrapped = await wrapBoth(ends);
        equal(wrapped.map(socketFacts), known, "through TLS");
        const plain = await Promise.all(wrapped.map(async (end) => (await end.unwrap())[0]));
        equal(plain.map(socketFacts), known, "after TLS");
        for (const open of plain) await open.close();
      }));

    test(`M4: TLS: what is called while close or unwrap is under way is ClosedResourceError, over ${kind}`, () =>
      use(async (ends) => {
        const [one, other] = await wrapBoth(ends);
        const leaving = [Promise.allSettled([one.unwrap()]), Promise.allSettled([other.close()])];
        for (const stream of [one, other]) {
          await fails(stream.send(bytes("late")), "ClosedResourceError", "send");
          await fails(stream.receive(), "ClosedResourceError", "receive");
          await fails(stream.sendEof(), "ClosedResourceError", "sendEof");
        }
        await Promise.all(leaving);
        for (const open of [one, other]) open.closeForcefully();
      }));

    test(`TLS: a peer that sends more before its close_notify makes unwrap a BrokenResourceError, over ${kind}`, () =>
      use(async (ends) => {
        const [one, other] = await wrapBoth(ends);
        await other.send(bytes("more"));
        await fails(one.unwrap(), "BrokenResourceError", "unwrap");
        await fails(one.receive(), "ClosedResourceError", "receive");
        other.closeForcefully();
      }));

    test(`TLS: a cancelled unwrap closes the connection, over ${kind}`, () =>
      use(async (ends) => {
        const [one, other] = await wrapBoth(ends);
        await cancelWaiting(() => one.unwrap());
        await fails(one.receive(), "ClosedResourceError", "receive");
        other.closeForcefully();
      }));
  }

  test("TLS: a peer that ends without close_notify makes unwrap a BrokenResourceError", () =>
    usePair(async ({ client, relay }) => {
      await relay.cut();
      await fails(client.unwrap(), "BrokenResourceError", "unwrap");
    }, {}));

  test("M6: TLS: what comes for a receive that was cancelled before is TLS's", () =>
    overTcp(async (ends) => {
      await cancelWaiting(() => ends[1].receive());
      const [one, other] = await wrapBoth(ends);
      await one.send(bytes("hello"));
      equal(await receiveText(other, 5), "hello", "what arrived");
      for (const open of [one, other]) open.closeForcefully();
    }));

  test("TLS: over memory streams it goes on when the task that began it is cancelled", () =>
    overStreams(createMemoryByteStreams(), async (ends) => {
      const [one, other] = await taskGroup(async (group) => {
        const made = await group.start<[TlsStream, TlsStream]>(async (task) => {
          task.started(await wrapBoth(ends));
          await sleepForever();
        });
        group.cancel();
        return made;
      });
      await one.send(bytes("still"));
      equal(await receiveText(other, 5), "still", "what arrived");
      for (const open of [one, other]) open.closeForcefully();
    }));

  test("TLS: closing a TLS stream closes what is below it, over memory streams", () =>
    overStreams(createMemoryByteStreams(), async (ends) => {
      const [one, other] = await wrapBoth(ends);
      one.closeForcefully();
      const end = await rejection(other.receive(), "receive");
      ok(isError(end, "BrokenResourceError"), `a break, received ${String(end)}`);
      await fails(ends[0].receive(), "ClosedResourceError", "the stream below");
      other.closeForcefully();
    }));

  for (const [does, failing] of Object.entries(faulty))
    test(`TLS: a handshake over a stream of the program's own ${does} is an OSError, on either side`, async () => {
      const { server } = await certificates();
      for (const side of [{ serverName: "localhost" }, { ...server, serverSide: true as const }]) {
        const [own] = createMemoryByteStreams();
        const stream = Object.assign(Object.create(own) as ByteStream, { receive: nonsense(), ...failing });
        await fails(wrapTls(stream, side), "OSError", "wrapTls");
      }
    });

  test("TLS: over TLS", () =>
    overTcp(async (ends) => {
      const [one, other] = await wrapBoth(await wrapBoth(ends));
      await one.send(bytes("deep"));
      equal(await receiveText(other, 4), "deep", "what arrived");
      await Promise.all([one.close(), fails(other.receive(), "EndOfStream", "the end")]);
      await other.close();
    }));

  for (const cancelAt of ["before", "during"] as const) {
    test(`TLS: a handshake over memory streams, cancelled ${cancelAt} it`, () =>
      overStreams(createMemoryByteStreams(), async ([client]) => {
        const scope = new CancelScope();
        if (cancelAt === "before") scope.cancel();
        const wrapping = scope.run(() => wrapTls(client, { serverName: "localhost" }));
        if (cancelAt === "during") scope.cancel();
        await wrapping;
        const usable: keyof ErrorVocabulary | undefined =
          cancelAt === "before" ? undefined : "ClosedResourceError";
        if (usable === undefined) await client.send(bytes("x"));
        else await fails(client.send(bytes("x")), usable, "send");
      }));
  }
}

/** In place on all hosts, and what says that it cannot be. */
export function tlsAbsenceTests({ run: test }: Register, tls: TlsBackend): void {
  test("TLS: a client starts it in place, after what the server said before", async () => {
    const { authority, server } = await certificates();
    const listener = await createTlsListener(server);
    const relay = await Relay.open("127.0.0.1", listener.listener.localAddress.port);
    await taskGroup(async (group) => {
      group.spawn(() => relay.run((client) => client.send(bytes("220 ready\n"))));
      const plain = await connectTcp("127.0.0.1", relay.localPort);
      equal(await receiveText(plain, 10), "220 ready\n", "the greeting");
      const [client, other] = await Promise.all([
        wrapTls(plain, { ca: authority, serverName: "localhost" }),
        listener.accept(),
      ]);
      await client.send(bytes("secret"));
      equal(await receiveText(other, 6), "secret", "what arrived");
      for (const open of [client, other]) open.closeForcefully();
      for (const open of [relay, listener]) await open.close();
      group.cancel();
    });
  });

  if ((tls.wrap ?? tls.accept) !== undefined) serversInPlace(test);
  if (tls.wrap !== undefined) return;

  test("absence: without wrap, unwrap of a client is an UnsupportedError, and TLS goes on", () =>
    usePair(async ({ client, server }) => {
      await fails(client.unwrap(), "UnsupportedError", "unwrap");
      await client.send(bytes("on"));
      equal(await receiveText(server, 2), "on", "what arrived");
      await fails(wrapTls(client, { serverName: "localhost" }), "UnsupportedError", "TLS over TLS");
    }, {}));

  test("absence: without wrap, TLS over other streams is an UnsupportedError, and they are as they were", async () => {
    const [one, other] = createMemoryByteStreams();
    await fails(wrapTls(one, { serverName: "localhost" }), "UnsupportedError", "wrapTls");
    await one.send(bytes("plain"));
    equal(await receiveText(other, 5), "plain", "what arrived");
    for (const end of [one, other]) await end.close();
  });

  test("absence: without wrap, TLS over what a cancelled receive has read is an UnsupportedError", () =>
    overTcp(async ([client, server]) => {
      await cancelWaiting(() => client.receive());
      await fails(wrapTls(client, { serverName: "localhost" }), "UnsupportedError", "wrapTls");
      await server.send(bytes("kept"));
      equal(await receiveText(client, 4), "kept", "what arrived");
    }));

  if (tls.accept !== undefined) return;

  test("absence: without accept, TLS servers are an UnsupportedError, and streams are as they were", () =>
    overTcp(async ([client, server]) => {
      const own = (await certificates()).server;
      await fails(wrapTls(server, { serverSide: true, ...own }), "UnsupportedError", "wrapTls");
      await fails(createTlsListener(own), "UnsupportedError", "createTlsListener");
      await client.send(bytes("plain"));
      equal(await receiveText(server, 5), "plain", "what arrived");
    }));
}

/** Servers in place, on every host that has servers. */
function serversInPlace(test: Register["run"]): void {
  const over: Record<string, (stream: ByteStream) => ByteStream> = {
    TCP: (stream) => stream,
    "a stream of the program's own": delegating,
  };
  for (const [kind, below] of Object.entries(over)) {
    test(`TLS: a server starts it in place over ${kind}, after what a cancelled receive has read, and unwraps it`, () =>
      overTcp(async ([client, plain]) => {
        await cancelWaiting(() => plain.receive());
        const server = below(plain);
        const [one, other] = await wrapBoth([client, server]);
        await one.send(bytes("secret"));
        equal(await receiveText(other, 6), "secret", "what arrived");
        const unwrapping = other.unwrap();
        await fails(one.receive(), "EndOfStream", "the end of TLS");
        await one.sendEof();
        const [back] = await unwrapping;
        ok(back === server || kind === "TCP", "the stream below again");
        for (const open of [one, back]) open.closeForcefully();
      }));
  }
}

/** A stream that passes all on. */
function delegating(stream: ByteStream): ByteStream {
  return new Proxy(stream, {
    get: (_, name) => {
      const value: unknown = Reflect.get(stream, name, stream);
      return typeof value === "function" ? (value.bind(stream) as unknown) : value;
    },
    getPrototypeOf: () => Object.prototype,
  });
}

type Ends = readonly [client: ByteStream, server: ByteStream];

/** What a stream knows of its socket. */
function socketFacts(stream: ByteStream): readonly unknown[] {
  const { family, localAddress, remoteAddress } = SocketAttribute;
  return [
    extra(stream, family, "none"),
    extra(stream, localAddress, "none"),
    extra(stream, remoteAddress, "none"),
  ];
}

async function wrapBoth([client, server]: Ends): Promise<[TlsStream, TlsStream]> {
  const { authority, server: own } = await certificates();
  const [one, other] = await Promise.all([
    wrapTls(client, { ca: authority, serverName: "localhost" }),
    wrapTls(server, { serverSide: true, ...own }),
  ]);
  equal(
    [one, other].map((end) => extra(end, TlsAttribute.serverSide)),
    [false, true],
    "the sides",
  );
  return [one, other];
}

async function overTcp(fn: (ends: Ends) => Promise<void>): Promise<void> {
  const listener = await createTcpListener();
  const ends = await Promise.all([connectTcp("127.0.0.1", listener.localAddress.port), listener.accept()]);
  await overStreams(ends, fn);
  await listener.close();
}

/** Nothing where the host has no UNIX sockets. */
async function overUnix(fn: (ends: Ends) => Promise<void>): Promise<void> {
  if (capability("net", "look").unix === undefined) return;
  await temporaryDirectory(async (folder) => {
    const path = `${folder}/socket`;
    const listener = await createUnixListener(path);
    await overStreams(await Promise.all([connectUnix(path), listener.accept()]), fn);
    await listener.close();
  });
}

async function overStreams(ends: Ends, fn: (ends: Ends) => Promise<void>): Promise<void> {
  try {
    await fn(ends);
  } finally {
    for (const end of ends) end.closeForcefully();
  }
}

const raise = (): never => {
  throw new Error("a fault of the stream's own");
};
const end = (): Promise<never> => Promise.reject(new EndOfStream("the end"));

/** What streams of a program's own may do wrong. */
const faulty: Record<string, object> = {
  "whose send throws at once": { send: raise },

  "whose send rejects with undefined": { send: () => Promise.reject(undefined) },
  "whose receive throws at once": { receive: raise },

  "whose receive rejects with undefined": { receive: () => Promise.reject(undefined) },
  "that receives no bytes": { receive: () => Promise.resolve("text") },
  "whose close throws, at its end": { receive: end, close: raise, closeForcefully: raise },
};

/** A record that is nonsense on either side, and then nothing more. */
function nonsense(): () => Promise<Uint8Array> {
  const record = Uint8Array.of(22, 3, 1, 0, 4, 99, 0, 0, 0);
  let given = false;
  return () => {
    if (given) return sleepForever();
    given = true;
    return Promise.resolve(record);
  };
}
