import { failAfter } from "@arborio/cancellation";
import { comesFrom, isError, leaves, sleepForever, type ErrorVocabulary } from "@arborio/core";
import type { NetBackend } from "@arborio/core/backend";
import { readFile, temporaryDirectory } from "@arborio/fs";
import {
  connectTcp,
  connectUnix,
  createMultiListener,
  createTcpListener,
  createTlsListener,
  createUnixListener,
  wrapTls,
  type TcpListener,
} from "@arborio/net";
import {
  BufferedByteStream,
  FrameStream,
  TextStream,
  type ByteStream,
  type Listener,
  createMemoryObjectStream,
} from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, rejection } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";
import { certificates } from "./certificates.ts";
import { Relay } from "./relay.ts";
import type { Register } from "./suite.ts";

interface Served {
  readonly listener: Listener<ByteStream>;
  readonly connect: () => Promise<ByteStream>;
}

type Kind = (use: (served: Served) => Promise<void>) => Promise<void>;

/** What `serve` contains by itself, and what it does not, over real sockets (M8). */
export function containmentTests({ run: test }: Register, net: NetBackend): void {
  const kinds: Record<string, Kind> = {
    TCP: overTcp,
    ...(net.unix === undefined ? {} : { UNIX: overUnix }),
    ...(net.tls === undefined ? {} : { TLS: overTls }),
  };
  for (const [kind, use] of Object.entries(kinds)) {
    for (const [what, peer, handler] of PEERS) {
      test(`M8: serve, ${kind}: ${what} ends that connection alone`, () =>
        use((served) => livesOn(served, peer, handler)));
    }
    for (const [what, name, handler] of PROGRAM) {
      test(`M8: serve, ${kind}: ${what} ends the group: ${name}`, () =>
        use(async (served) => {
          const [error] = await failures(served, handler);
          ok(isError(error, name), `${name}, received ${String(error)}`);
        }));
    }
    test(`M8: serve, ${kind}: of a group of errors the connection's are taken out, the rest fails the group`, () =>
      use(async (served) => {
        const names = (await failures(served, ofEachKind)).map((error) => (error as Error).name);
        equal(names.sort(), ["BrokenResourceError", "OSError", "TimeoutError"], "what serve failed with");
      }));
  }

  test("M8: serve, several listeners: a peer ends its connection alone at each", () =>
    overTcp((one) =>
      overTcp(async (other) => {
        const listener = createMultiListener([one.listener, other.listener]);
        const connects = [one.connect, other.connect];
        const connect = (): Promise<ByteStream> => {
          connects.reverse();
          return connects[0]!();
        };
        const [, peer, handler] = PEERS[0]!;
        for (let i = 0; i < 2; i++) await livesOn({ listener, connect }, peer, handler, i === 1);
      }),
    ));

  if (net.tls === undefined) return;

  test("M8: serve, TLS: an end without close_notify ends that connection alone", () =>
    withCertificates(async (server, tls) => {
      await using listener = await createTlsListener(server);
      const next = (): Promise<ByteStream> =>
        connectTcp("127.0.0.1", listener.listener.localAddress.port, { tls });
      await throughRelay(listener, listener.listener, tls, greetAndReceive, next);
    }));

  test("M8: serve, TLS: what onError throws on ends the group, though it is the connection's", () =>
    overTls(async ({ listener, connect }) => {
      const told: boolean[] = [];
      const onError = (error: unknown, stream: ByteStream): never => {
        told.push(comesFrom(error, stream));
        throw error;
      };
      const serving = rejection(
        listener.serve((stream) => new BufferedByteStream(stream).receiveExactly(9), { onError }),
        "serve",
      );
      await (await connect()).close();
      const [error] = leaves(await serving);
      equal([(error as Error).name, ...told], ["IncompleteRead", true], "what ended it");
    }));

  if (net.tls.wrap === undefined) return;

  for (const [what, words] of [
    ["a handshake that is none", "no TLS at all, and long enough to be seen"],
    ["a handshake that ends early", "\u0016\u0003"],
  ] as const) {
    test(`M8: serve, STARTTLS: ${what} ends that connection alone`, () =>
      withCertificates((server) =>
        overTcp((served) =>
          livesOn(
            served,
            async (client) => {
              await client.send(bytes(words));
              await client.sendEof();
            },
            (stream) => wrapTls(stream, { ...server, serverSide: true }),
          ),
        ),
      ));
  }

  test("M8: serve, STARTTLS: an end without close_notify, once TLS has the connection, ends that alone", () =>
    withCertificates(async (server, tls) => {
      await using listener = await createTcpListener();
      const handler = async (stream: ByteStream): Promise<void> => {
        await greetAndReceive(await wrapTls(stream, { ...server, serverSide: true }));
      };
      const next = (): Promise<ByteStream> => connectTcp("127.0.0.1", listener.localAddress.port);
      await throughRelay(listener, listener, tls, handler, next);
    }));

  for (const back of [false, true]) {
    test(`M5: serve, STARTTLS: a connection that TLS took over${back ? ", and gave back," : ""} is closed after its handler`, () =>
      withCertificates((server, tls) =>
        overTcp(async ({ listener, connect }) => {
          await taskGroup(async (group) => {
            group.spawn(() =>
              listener.serve(async (stream) => {
                const secure = await wrapTls(stream, { ...server, serverSide: true });
                if (back) await secure.unwrap();
              }),
            );
            const secure = await wrapTls(await connect(), tls);
            const client = back ? (await secure.unwrap())[0] : secure;
            await fails(client.receive(), "EndOfStream", "the end");
            client.closeForcefully();
            await listener.close();
          });
        }),
      ));
  }

  test("M8: serve, STARTTLS: what comes after TLS has ended is the connection's still", () =>
    withCertificates((server, tls) =>
      overTcp((served) =>
        livesOn(
          served,
          async (client) => {
            const [plain] = await (await wrapTls(client, tls)).unwrap();
            await plain.close();
          },
          async (stream) => {
            const [plain] = await (await wrapTls(stream, { ...server, serverSide: true })).unwrap();
            await plain.receive();
          },
        ),
      ),
    ));
}

type Peer = (client: ByteStream) => unknown;
type Handler = (stream: ByteStream) => unknown;

const PEERS: readonly (readonly [what: string, peer: Peer, handler: Handler])[] = [
  ["a reset", (client) => client.closeForcefully(), (stream) => stream.receive()],
  [
    "a reset in the middle of a frame",
    async (client) => {
      await client.send(Uint8Array.of(0, 0));
      client.closeForcefully();
    },
    (stream) => new FrameStream(stream).receive(),
  ],
  ["an end that comes too early", (client) => client.sendEof(), (stream) => stream.receive()],
  [
    "a line that is too long",
    (client) => client.send(new Uint8Array(200).fill(65)),
    (stream) => new BufferedByteStream(stream).receiveUntil(bytes("\n"), 100),
  ],
  [
    "bytes that are no text",
    (client) => client.send(Uint8Array.of(255, 255)),
    (stream) => new TextStream(stream).receive(),
  ],
  [
    "a frame that is too long",
    (client) => client.send(new Uint8Array(4).fill(255)),
    (stream) => new FrameStream(stream).receive(),
  ],
  [
    "a group of such errors",
    (client) => client.closeForcefully(),
    (stream) =>
      taskGroup((group) => {
        group.spawn(() => stream.receive().then(() => sleepForever()));
        group.spawn(() => sleepForever());
      }),
  ],
];

const PROGRAM: readonly (readonly [string, keyof ErrorVocabulary, Handler])[] = [
  ["a proxy whose upstream resets", "BrokenResourceError", upstreamBreaks],
  ["a file that is not there", "OSError", missingFile],
  ["a failAfter in a handler", "TimeoutError", late],
];

/** Serves: the connection fails as the peer makes it, and the next one is answered. */
async function livesOn(
  { listener, connect }: Served,
  peer: Peer,
  handler: Handler,
  last: boolean = true,
): Promise<void> {
  const [tell, failed] = createMemoryObjectStream<unknown>(1);
  let served = 0;
  await taskGroup(async (group) => {
    group.spawn(() =>
      listener.serve(async (stream) => {
        if (served++ > 0) return stream.send(bytes("still here"));
        try {
          await handler(stream);
          tell.sendNowait("nothing");
        } catch (error) {
          tell.sendNowait(error);
          throw error;
        }
      }),
    );
    const bad = await connect();
    await peer(bad);
    ok((await failed.receive()) instanceof Error, "the handler failed");
    const good = await connect();
    equal(await receiveText(good, 10), "still here", "who comes next");
    for (const client of [bad, good]) client.closeForcefully();
    if (last) await listener.close();
    else group.cancel();
  });
}

/** What serve fails with. */
async function failures({ listener, connect }: Served, handler: Handler): Promise<unknown[]> {
  const serving = rejection(listener.serve(handler), "serve");
  const client = await connect();
  client.closeForcefully();
  return leaves(await serving);
}

async function upstreamBreaks(): Promise<void> {
  await using listener = await createTcpListener();
  const [upstream, other] = await Promise.all([
    connectTcp("127.0.0.1", listener.localAddress.port),
    listener.accept(),
  ]);
  try {
    other.closeForcefully();
    // Where the host ends a connection before it resets it, a send finds that it is gone.
    for (;;) await upstream.send(new Uint8Array(65_536));
  } finally {
    upstream.closeForcefully();
  }
}

async function greetAndReceive(stream: ByteStream): Promise<void> {
  await stream.send(bytes("x"));
  await new BufferedByteStream(stream).receiveExactly(9);
}

function missingFile(): Promise<unknown> {
  return temporaryDirectory((folder) => readFile(`${folder}/missing`));
}

function late(): Promise<unknown> {
  return failAfter(1, () => sleepForever());
}

async function ofEachKind(stream: ByteStream): Promise<never> {
  const errors = [];
  for (const part of [() => stream.receive(), upstreamBreaks, missingFile, late])
    errors.push(await rejection(part(), "a part"));
  throw new AggregateError(errors, "one of each kind");
}

const overTcp: Kind = async (use) => {
  await using listener = await createTcpListener();
  await use({ listener, connect: () => connectTcp("127.0.0.1", listener.localAddress.port) });
};

const overUnix: Kind = (use) =>
  temporaryDirectory(async (folder) => {
    await using listener = await createUnixListener(`${folder}/socket`);
    await use({ listener, connect: () => connectUnix(`${folder}/socket`) });
  });

const overTls: Kind = (use) =>
  withCertificates(async (server, tls) => {
    await using listener = await createTlsListener(server);
    const { port } = listener.listener.localAddress;
    await use({ listener, connect: () => connectTcp("127.0.0.1", port, { tls }) });
  });

interface Trust {
  readonly ca: string;
  readonly serverName: string;
}

async function withCertificates(
  use: (server: { readonly certificate: string; readonly key: string }, tls: Trust) => Promise<void>,
): Promise<void> {
  const { authority, server } = await certificates();
  await use(server, { ca: authority, serverName: "localhost" });
}

/** Serves through something that cuts the connection below TLS once that is there; who comes next comes straight. */
async function throughRelay(
  listener: Listener<ByteStream>,
  { localAddress: { port } }: TcpListener,
  tls: Trust,
  handler: Handler,
  next: () => Promise<ByteStream>,
): Promise<void> {
  const relay = await Relay.open("127.0.0.1", port);
  await taskGroup(async (group) => {
    group.spawn(() => relay.run());
    let first = true;
    const connect = (): Promise<ByteStream> => {
      if (!first) return next();
      first = false;
      return connectTcp("127.0.0.1", relay.localPort, { tls });
    };
    const cut = async (client: ByteStream): Promise<void> => {
      await receiveText(client, 1); // the server has finished the handshake
      await relay.cut();
    };
    await livesOn({ listener, connect }, cut, handler);
    group.cancel();
  });
  await relay.close();
}
