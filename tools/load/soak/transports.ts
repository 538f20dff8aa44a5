import { duplexPair } from "node:stream";
import {
  all,
  BufferedByteStream,
  connectTcp,
  connectUnix,
  createMemoryByteStreams,
  createMultiListener,
  createTcpListener,
  createTlsListener,
  createUnixListener,
  fromNodeDuplex,
  fromReadable,
  fromWritable,
  stapleByteStreams,
  toReadable,
  toWritable,
  wrapTls,
  type ByteStream,
  type Listener,
} from "arborio";
import type { World } from "./world.ts";

export type Pair = readonly [ByteStream, ByteStream];

/** Where the two ends of a connection come from. */
export interface Transport {
  readonly name: string;
  open(world: World): Promise<Pair>;
}

const LOCAL = "127.0.0.1";
/** Deno speaks TLS on its own sockets alone, and one side of its `duplexPair` is not told that the other was destroyed. */
const isDeno = "Deno" in globalThis;

const memory = async (size?: number): Promise<Pair> => createMemoryByteStreams(size);

export const transports: readonly Transport[] = [
  { name: "memory", open: () => memory() },
  { name: "lockstep", open: () => memory(0) },
  { name: "buffered", open: async () => buffered(await memory(100)) },
  { name: "web", open: async () => web(await memory()) },
  {
    name: "tcp",
    open: async () => {
      await using listener = await createTcpListener();
      return await bothEnds(listener, () => connectTcp(LOCAL, listener.localAddress.port));
    },
  },
  {
    name: "unix",
    open: async (world) => {
      await using listener = await createUnixListener(world.path());
      return await bothEnds(listener, () => connectUnix(listener.localAddress.path!));
    },
  },
  {
    name: "multi",
    open: async () => {
      await using first = await createTcpListener();
      await using second = await createTcpListener();
      const listener = createMultiListener([first, second]);
      return await bothEnds(listener, () => connectTcp(LOCAL, second.localAddress.port));
    },
  },
  {
    name: "tls",
    open: async ({ authority, certificate }) => {
      await using listener = await createTlsListener(certificate);
      const { port } = listener.listener.localAddress;
      return await bothEnds(listener, () => connectTcp(LOCAL, port, { tls: { ca: authority } }));
    },
  },
  ...(isDeno
    ? []
    : [
        { name: "node", open: async () => duplexPair().map(fromNodeDuplex) as unknown as Pair },
        { name: "tls in memory", open: async (world: World) => wrapped(await memory(), world) },
        { name: "tls in lockstep", open: async (world: World) => wrapped(await memory(0), world) },
      ]),
];

function bothEnds(listener: Listener<ByteStream>, connect: () => Promise<ByteStream>): Promise<Pair> {
  return both(connect, () => listener.accept());
}

/** Both streams, or none: if one does not come the other is closed. */
async function both(
  ...makes: readonly [() => Promise<ByteStream>, () => Promise<ByteStream>]
): Promise<Pair> {
  const made: ByteStream[] = [];
  const keep = (stream: ByteStream): ByteStream => (made.push(stream), stream);
  const [one, other] = makes;
  try {
    return await all([() => one().then(keep), () => other().then(keep)]);
  } catch (error) {
    for (const stream of made) stream.closeForcefully();
    throw error;
  }
}

function buffered([one, other]: Pair): Pair {
  return [new BufferedByteStream(one), new BufferedByteStream(other)];
}

/** Each side through the platform's streams and back. */
function web(pair: Pair): Pair {
  return pair.map((side) =>
    stapleByteStreams(fromWritable(toWritable<Uint8Array>(side)), fromReadable(toReadable(side))),
  ) as unknown as Pair;
}

async function wrapped([one, other]: Pair, { authority: ca, certificate }: World): Promise<Pair> {
  return both(
    () => wrapTls(one, { serverName: "localhost", ca }),
    () => wrapTls(other, { serverSide: true, ...certificate }),
  );
}
