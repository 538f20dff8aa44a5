/**
 * Pings over UDP: a server task answers what comes, and loses some of it; a client sends each ping again until its answer
 * comes, or gives up.
 *
 *     node udp-ping.ts [COUNT]        (deno run -A --unstable-net udp-ping.ts [COUNT])
 */
import {
  createConnectedUdpSocket,
  createUdpSocket,
  host,
  isError,
  main,
  moveOnAfter,
  taskGroup,
  type ConnectedUdpSocket,
  type StartingTask,
} from "arborio";

const TRIES = 5;

/** What became of the pings. */
export interface Pings {
  readonly answered: number;
  /** How often a ping was sent, the first times included. */
  readonly sent: number;
}

/**
 * Sends `count` pings, one after another, each up to five times.
 * @param loses whether the server loses a ping, by its number and how often it has come
 * @param patience ms to wait for an answer
 */
export async function ping(
  count: number,
  loses: (ping: number, times: number) => boolean,
  patience: number = 50,
): Promise<Pings> {
  return taskGroup(async (group) => {
    const port = await group.start<number>((task) => serve(loses, task), { name: "server" });
    await using client = await createConnectedUdpSocket("127.0.0.1", port);
    let sent = 0;
    for (let n = 0; n < count; n++) sent += await pingOne(client, n, patience);
    group.cancel("all are answered");
    return { answered: count, sent };
  });
}

async function serve(
  loses: (ping: number, times: number) => boolean,
  task: StartingTask<number>,
): Promise<void> {
  await using server = await createUdpSocket({ host: "127.0.0.1" });
  const seen = new Map<number, number>();
  task.started(server.localAddress.port);
  for await (const { bytes, from } of server) {
    const [n = 0] = bytes;
    const times = (seen.get(n) ?? 0) + 1;
    seen.set(n, times);
    // Whoever sends from port 0 wants no answer.
    if (from.port > 0 && !loses(n, times)) await server.send({ bytes, to: from }).catch(unlessRefused);
  }
}

/** What the system refuses is one datagram: others are answered. */
function unlessRefused(error: unknown): void {
  if (!isError(error, "OSError")) throw error;
}

/** Gives how often it had to be sent. */
async function pingOne(client: ConnectedUdpSocket, n: number, patience: number): Promise<number> {
  for (let tries = 1; tries <= TRIES; tries++) {
    await client.send(Uint8Array.of(n));
    if (await moveOnAfter(patience, () => answerTo(client, n))) return tries;
  }
  throw new Error(`Cannot reach the server: ping ${String(n)} was not answered, sent ${String(TRIES)} times`);
}

/** Passes over late answers to earlier tries of others. */
async function answerTo(client: ConnectedUdpSocket, n: number): Promise<boolean> {
  for await (const answer of client) if (answer[0] === n) return true;
  return false;
}

if (import.meta.main) {
  await main(async () => {
    const count = Number(host().args[0] ?? 10);
    const { answered, sent } = await ping(count, (_, times) => times === 1 && Math.random() < 0.3);
    console.log(`${String(answered)} pings answered, ${String(sent)} sent`);
  });
}
