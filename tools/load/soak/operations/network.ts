import {
  all,
  connectTcp,
  connectUnix,
  createConnectedUdpSocket,
  createTcpListener,
  createTlsListener,
  createUdpSocket,
  createUnixListener,
  getAddressInfo,
  getNameInfo,
  isError,
  taskGroup,
  type ByteStream,
  type Listener,
  type TcpListener,
  type WaitOptions,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT, moment } from "../cut.ts";
import { check, checkEqual, outcomeOf } from "../fault.ts";
import { bytesOf, checkBytes } from "../pattern.ts";
import type { World } from "../world.ts";
import { receiveAll } from "./byte-streams.ts";

interface Served {
  readonly listener: Listener<ByteStream>;
  readonly connect: (options?: WaitOptions) => Promise<ByteStream>;
}

const LOCAL = "127.0.0.1";
/**
 * For listeners that are closed while clients still come: the system may give the port to another operation at once, which
 * must not get such a client. Elsewhere than on Linux this machine has no such address.
 */
const APART = process.platform === "linux" ? "127.0.0.2" : LOCAL;
const CLIENTS = 4;

type Open = (world: World, host?: string) => Promise<Served>;

const servers: Readonly<Record<string, Open>> = {
  tcp: async (_, host = LOCAL) => {
    const listener = await createTcpListener({ host });
    return { listener, connect: (options) => connectTcp(host, port(listener), options) };
  },
  unix: async (world) => {
    const listener = await createUnixListener(world.path());
    return { listener, connect: (options) => connectUnix(listener.localAddress.path!, options) };
  },
  tls: async ({ authority: ca, certificate }, host = LOCAL) => {
    const listener = await createTlsListener({ host, ...certificate });
    const connect: Served["connect"] = (options) =>
      connectTcp(host, port(listener.listener), { tls: { ca, serverName: LOCAL }, ...options });
    return { listener, connect };
  },
};

const port = (listener: TcpListener): number => listener.localAddress.port;

/** What connecting, accepting, serving, names and datagrams promise: no connection is lost or left open. */
export const network: readonly Operation[] = [
  ...Object.entries(servers).flatMap(([name, open]) =>
    operations(name, {
      connect: (act) => connecting(act, open),
      accept: (act) => accepting(act, open),
      serve: (act) => serving(act, open),
      "serve cut": (act) => servingCut(act, open),
      "close the listener": (act) => closing(act, open),
    }),
  ),
  ...operations("udp", { receive: datagrams, connected }),
  ...operations("names", { lookup, connect: byName }),
];

/** Connects under cancels; each connection that was made says a byte, and no other does. */
async function connecting(act: Act, open: Open): Promise<void> {
  const { listener, connect } = await open(act.world);
  let heard = 0;
  let said = 0;
  const hear = async (stream: ByteStream): Promise<void> => {
    heard += (await stream.receive()).length;
  };
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(hear));
    for (let client = 0; client < CLIENTS; client++) {
      const stream = await act.cut(connect);
      if (stream === CUT) continue;
      await stream.send(bytesOf(0, 0, 1));
      said++;
      // The other side closes when it has heard.
      const end = await outcomeOf(() => stream.receive());
      check(isError(end, "EndOfStream"), `after a farewell comes ${String(end)}`);
      await stream.close();
    }
    await listener.close();
  });
  checkEqual(heard, said, "the number of bytes that were heard");
}

/** A connection that comes for a cancelled accept is the next one's; by TLS, a handshake that was cut is the client's failure. */
async function accepting(act: Act, open: Open): Promise<void> {
  const { listener, connect } = await open(act.world);
  const sequence = act.world.number();
  const speak = async (): Promise<void> => {
    await using near = await connect();
    await near.send(bytesOf(sequence, 0, 10));
    const end = await outcomeOf(() => near.receive());
    // A client may think that a handshake is done which the server's accept was cut in.
    if (act.cuts > 0 && isError(end, "BrokenResourceError")) throw end;
    check(isError(end, "EndOfStream"), `after a farewell comes ${String(end)}`);
  };
  try {
    for (let client = 0; client < 2; client++)
      await taskGroup(async (group) => {
        let served = false;
        group.spawn(async () => {
          while (!served) await speak().catch(unlessLost);
        });
        await using far = await act.insist((options) => listener.accept(options));
        served = true;
        await receiveAll(act, far, sequence, 10);
      });
  } finally {
    listener.closeForcefully();
  }
}

/** Clients that are cut at any moment disturb no other. */
async function serving(act: Act, open: Open): Promise<void> {
  const { listener, connect } = await open(act.world);
  let under = 0;
  const limit = act.random.pick([undefined, 2]);
  const echo = async (stream: ByteStream): Promise<void> => {
    under++;
    try {
      check(limit === undefined || under <= limit, `${String(under)} are served at once`);
      for await (const bytes of stream) await stream.send(bytes);
      await stream.sendEof();
    } finally {
      under--;
    }
  };
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(echo, { limit }));
    await taskGroup((clients) => {
      for (let client = 0; client < CLIENTS; client++)
        clients.spawn(async () => {
          const sequence = act.world.number();
          await act.cut(async (options) => {
            await using stream = await connect(options);
            const count = act.random.whole(1, 20_000);
            await stream.send(bytesOf(sequence, 0, count), options);
            for (let came = 0; came < count;) {
              const bytes = await stream.receive(65_536, options);
              checkBytes(sequence, came, bytes);
              came += bytes.length;
            }
          });
        });
    });
    await listener.close();
  });
  checkEqual(under, 0, "the number of handlers that run after serve");
}

/** The server is cut; its clients learn of it, and nothing is left. */
async function servingCut(act: Act, open: Open): Promise<void> {
  const { listener, connect } = await open(act.world, APART);
  const grace = act.random.pick([undefined, 0, 2]);
  const handler = async (stream: ByteStream): Promise<void> => {
    for await (const bytes of stream) await stream.send(bytes);
  };
  await taskGroup(async (group) => {
    for (let client = 0; client < CLIENTS; client++)
      group.spawn(async () => {
        try {
          await using stream = await connect();
          await stream.send(bytesOf(0, 0, 100));
          await moment(act.random);
        } catch (error) {
          if (!isError(error, "BrokenResourceError") && !isError(error, "OSError")) throw error;
        }
      });
    await act.cut(async (options) => {
      await taskGroup((own) => {
        own.spawn(() => listener.serve(handler, { grace, ...options }));
        own.spawn(async () => {
          await moment(act.random);
          await moment(act.random);
          await listener.close();
        });
      });
    });
    await listener.close();
  });
}

async function closing(act: Act, open: Open): Promise<void> {
  const { listener, connect } = await open(act.world, APART);
  await taskGroup(async (group) => {
    const waiting = group.spawn(() => outcomeOf(() => act.cut((options) => listener.accept(options))));
    if (act.random.chance(0.5))
      group.spawn(async () => {
        try {
          (await connect()).closeForcefully();
        } catch (error) {
          if (!isError(error, "OSError") && !isError(error, "BrokenResourceError")) throw error;
        }
      });
    await moment(act.random);
    await listener.close();
    const outcome = await waiting.result();
    if (outcome === CUT || isError(outcome, "ClosedResourceError")) return;
    check(
      typeof outcome === "object" && outcome !== null && "closeForcefully" in outcome,
      `accept gives ${String(outcome)}`,
    );
    (outcome as ByteStream).closeForcefully();
  });
}

/** A datagram that comes for a cancelled receive is the next one's. */
async function datagrams(act: Act): Promise<void> {
  await using near = await createUdpSocket({ host: LOCAL });
  await using far = await createUdpSocket({ host: LOCAL });
  for (let message = 0; message < 5; message++) {
    const sequence = act.world.number();
    const length = act.random.whole(1, 1_400);
    const sent = await act.cut((options) =>
      far.sendTo(bytesOf(sequence, 0, length), LOCAL, near.localAddress.port, options),
    );
    // Whether one whose send was cut was sent is not known.
    if (sent === CUT) return;
    const { bytes, from } = await act.insist((options) => near.receive(options));
    checkEqual(bytes.length, length, "the length of the datagram");
    checkEqual(from.port, far.localAddress.port, "the sender's port");
    checkBytes(sequence, 0, bytes);
  }
}

async function connected(act: Act): Promise<void> {
  await using near = await createUdpSocket({ host: LOCAL });
  const far = await act.cut((options) => createConnectedUdpSocket(LOCAL, near.localAddress.port, options));
  if (far === CUT) return;
  const sequence = act.world.number();
  await far.send(bytesOf(sequence, 0, 100));
  const { bytes, from } = await act.insist((options) => near.receive(options));
  checkBytes(sequence, 0, bytes);
  await near.sendTo(bytesOf(sequence, 100, 100), from.address, from.port);
  checkBytes(sequence, 100, await act.insist((options) => far.receive(options)));
  await act.cut((options) => far.close(options));
  await far.close();
}

async function lookup(act: Act): Promise<void> {
  const found = await act.cut((options) => getAddressInfo("localhost", 80, options));
  check(found === CUT || found.length > 0, "localhost has no address");
  const name = await act.cut((options) => getNameInfo(LOCAL, 80, options));
  check(name === CUT || typeof name === "object", "the address has no name");
}

/** By Happy Eyeballs, over what addresses the name has. */
async function byName(act: Act): Promise<void> {
  await using listener = await createTcpListener({ host: LOCAL });
  await act.cut(async (options) => {
    const [near, far] = await all([
      () => connectTcp("localhost", port(listener), { happyEyeballsDelay: 1, ...options }),
      () => listener.accept(options),
    ]);
    near.closeForcefully();
    far.closeForcefully();
  });
}

/** The other side left before it had accepted. */
function unlessLost(error: unknown): void {
  const lost = ["BrokenResourceError", "EndOfStream", "OSError"] as const;
  if (!lost.some((name) => isError(error, name))) throw error;
}
