import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type NetConnectOpts, type Socket } from "node:net";
import { connect as connectTls, type TLSSocket } from "node:tls";

/** How a request of the server's protocol begins, for what is cut off in the middle of it. */
const HALF = "GET / HT";
/** A ClientHello's beginning: a handshake record of 512 bytes, of which nothing comes. */
const HELLO = Buffer.from("16030102000100", "hex");

const noise = Buffer.alloc(65_536);
for (let at = 0, state = 1; at < noise.length; at++) noise[at] = state = (state * 48_271) % 2_147_483_647;
const garbage = (length: number): Buffer => Buffer.alloc(length, noise);

type Way = (socket: Socket) => unknown;

/** A UNIX socket has no reset: it is closed with bytes unread. */
const reset: Way = (socket) =>
  socket.remotePort === undefined ? socket.destroy() : socket.resetAndDestroy();

/** What strangers do to any server; each on a connection of its own. Those that give nothing are held open. */
const ways: Readonly<Record<string, Way>> = {
  "a reset at once": reset,
  "a reset after half a request": (socket) => socket.write(HALF, () => reset(socket)),
  "a reset in the middle of many requests": (socket) =>
    socket.write(`${HALF}TP/1.1\r\n\r\n\n`.repeat(1_000), () => reset(socket)),
  "an end at once": (socket) => socket.end(),
  "an end after half a request": (socket) => socket.end(HALF),
  garbage: (socket) => socket.end(garbage(65_536)),
  "bytes that are no text, in a line": (socket) => socket.end(Buffer.from("fffe80ff0a", "hex")),
  "an empty line": (socket) => socket.end("\n\r\n\n"),
  "a line of a megabyte": (socket) => socket.end("a".repeat(1 << 20)),
  "a line of a megabyte that never ends": (socket) => socket.write("a".repeat(1 << 20)),
  "an end in the middle of a handshake": (socket) => socket.end(HELLO),
  "a reset in the middle of a handshake": (socket) => socket.write(HELLO, () => reset(socket)),
  silence: () => {},
  "half a request, and silence": (socket) => socket.write(HALF),
  "requests whose answers are not read": (socket) => socket.pause().write(garbage(1 << 22)),
};

/** What is done after TLS was started, at once or by STARTTLS. */
const tlsWays: Readonly<Record<string, (tls: TLSSocket, below: Socket) => unknown>> = {
  "an end without close_notify": (_, below) => below.end(),
  "a reset": (_, below) => reset(below),
  "half a request, and an end without close_notify": (tls, below) => tls.write(HALF, () => below.end()),
  "half a request, and a reset": (tls, below) => tls.write(HALF, () => reset(below)),
  "garbage below TLS": (_, below) => below.write(garbage(4_096)),
  "a line of a megabyte": (tls) => tls.end("a".repeat(1 << 20)),
  "a close_notify at once": (tls) => tls.end(),
  silence: () => {},
};

/** How TLS is started with a server, after what is said in the clear. */
export interface TlsOf {
  readonly authority: string;
  readonly before?: string;
}

/** Does all of it to one listener. Returns what ends those that are held open: the silent, and those that do not read. */
export async function attack(where: NetConnectOpts, tls?: TlsOf): Promise<() => void> {
  const open: Socket[] = [];
  const opened = async (): Promise<Socket> => {
    const socket = connect({ ...where, allowHalfOpen: true });
    // What the server makes of it is its own business.
    socket.on("error", () => {});
    open.push(socket);
    await once(socket, "connect");
    return socket;
  };
  for (const way of Object.values(ways)) void way((await opened()).on("data", () => {}));
  if (tls !== undefined) for (const way of Object.values(tlsWays)) await attackTls(await opened(), tls, way);
  return () => open.forEach((socket) => socket.destroyed || reset(socket));
}

async function attackTls(
  below: Socket,
  { authority, before }: TlsOf,
  way: (tls: TLSSocket, below: Socket) => unknown,
): Promise<void> {
  if (before !== undefined) {
    await once(below, "data");
    below.write(before);
    await once(below, "data");
  }
  const tls = connectTls({ socket: below, ca: authority, servername: "localhost" });
  tls.on("error", () => {}).on("data", () => {});
  await once(tls, "secureConnect");
  void way(tls, below);
}

/** Datagrams that no peer in its right mind sends. */
export async function attackUdp(port: number): Promise<void> {
  const socket = createSocket("udp4").on("error", () => {});
  const send = (bytes: Buffer): Promise<void> =>
    new Promise((resolve) => socket.send(bytes, port, "127.0.0.1", () => resolve()));
  for (const size of [0, 1, 1_000, 65_507]) await send(garbage(size));
  // Whoever answers finds nobody.
  await new Promise<void>((resolve) => socket.close(resolve));
}
