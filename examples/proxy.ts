/**
 * Passes TCP connections on, each byte and each end as it comes, both ways.
 *
 *     node proxy.ts HOST PORT [PORT TO LISTEN ON]
 */
import {
  comesFrom,
  connectTcp,
  createTcpListener,
  currentTime,
  host,
  isError,
  main,
  moveOnAfter,
  split,
  taskGroup,
  type ByteStream,
  type StartingTask,
} from "arborio";

const IDLE = 600_000;

/**
 * Connects two streams until both have ended. The end of one direction is passed on, and the other goes on (half-close). If
 * either breaks, nothing moves for ten minutes, or the proxy is cancelled, both are closed forcefully: what was cut must not
 * look complete.
 */
export async function join(client: ByteStream, server: ByteStream): Promise<void> {
  let whole = false;
  try {
    await moveOnAfter(IDLE, async (idle) => {
      const moved = (): void => void (idle.deadline = currentTime() + IDLE);
      await taskGroup((group) => {
        group.spawn(() => pump(client, server, moved), { name: "to the server" });
        group.spawn(() => pump(server, client, moved), { name: "to the client" });
      });
      whole = true;
    });
  } finally {
    if (!whole) for (const stream of [client, server]) stream.closeForcefully();
  }
}

/** One chunk is on its way at a time: who does not receive slows down who sends. */
async function pump(from: ByteStream, to: ByteStream, moved: () => void): Promise<void> {
  for await (const chunk of from) {
    await to.send(chunk);
    moved();
  }
  await to.sendEof();
}

/**
 * Says its port once it listens. `serve` ends for no client. It would end for the server behind, which to it is one of the
 * program's own connections: what comes from that is told, and ends the one client too.
 */
export async function serveProxy(
  task: StartingTask<number>,
  connect: () => Promise<ByteStream>,
  port = 0,
): Promise<void> {
  await using listener = await createTcpListener({ port });
  task.started(listener.localAddress.port);
  await listener.serve(async (client) => {
    await using server = await connect().catch((error: unknown) => refuse(client, error));
    if (server !== undefined) await join(client, server).catch((error: unknown) => unlessFrom(server, error));
  });
}

/** The system's refusal is told; what else fails is a fault. */
function refuse(client: ByteStream, error: unknown): undefined {
  client.closeForcefully();
  if (!isError(error, "OSError")) throw error;
  console.log(error.message);
}

function unlessFrom(server: ByteStream, error: unknown): void {
  const [its, rest] = split(error, (leaf) => comesFrom(leaf, server));
  if (its !== undefined) console.log((its as Error).message);
  if (rest !== undefined) throw rest;
}

async function program(): Promise<void> {
  const [name = "127.0.0.1", port, own = "0"] = host().args;
  await taskGroup(async (group) => {
    const connect = (): Promise<ByteStream> => connectTcp(name, Number(port));
    const listening = await group.start<number>((task) => serveProxy(task, connect, Number(own)));
    console.log(`proxy on port ${String(listening)}`);
  });
}

if (import.meta.main) await main(program);
