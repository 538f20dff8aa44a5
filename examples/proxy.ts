/**
 * Passes TCP connections on, each byte and each end as it comes, both ways.
 *
 *     node proxy.ts HOST PORT [PORT TO LISTEN ON]
 */
import {
  connectTcp,
  createTcpListener,
  host,
  main,
  taskGroup,
  type ByteStream,
  type StartingTask,
} from "arborio";
import { forgiving } from "./forgiving.ts";

/**
 * Connects two streams until both have ended. The end of one direction is passed on, and the other goes on (half-close). If
 * either breaks, or the proxy is cancelled, both are closed forcefully: what was cut must not look complete.
 */
export async function join(client: ByteStream, server: ByteStream): Promise<void> {
  let whole = false;
  try {
    await taskGroup((group) => {
      group.spawn(() => pump(client, server), { name: "to the server" });
      group.spawn(() => pump(server, client), { name: "to the client" });
    });
    whole = true;
  } finally {
    if (!whole) for (const stream of [client, server]) stream.closeForcefully();
  }
}

/** One chunk is on its way at a time: who does not receive slows down who sends. */
async function pump(from: ByteStream, to: ByteStream): Promise<void> {
  for await (const chunk of from) await to.send(chunk);
  await to.sendEof();
}

/** Says its port once it listens. */
export async function serveProxy(
  task: StartingTask<number>,
  connect: () => Promise<ByteStream>,
  port = 0,
): Promise<void> {
  await using listener = await createTcpListener({ port });
  task.started(listener.localAddress.port);
  await listener.serve(
    async (client) => {
      await using server = await connect().catch((error: unknown) => {
        client.closeForcefully();
        throw error;
      });
      await join(client, server);
    },
    { onError: forgiving },
  );
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
