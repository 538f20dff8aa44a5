/**
 * Sends back what comes, and asks itself.
 *
 *     node echo.ts [WORD…]         a server and a client in one program
 *     node echo.ts --serve [PORT]  a server alone, until Ctrl-C
 */
import {
  BufferedByteStream,
  connectTcp,
  createTcpListener,
  currentTime,
  host,
  main,
  moveOnAfter,
  taskGroup,
  type ByteStream,
  type StartingTask,
} from "arborio";

const IDLE = 60_000;

/** Sends back what comes until the other side ends, or nothing has moved for a minute; then this side ends too. */
export async function echo(stream: ByteStream): Promise<void> {
  await moveOnAfter(IDLE, async (idle) => {
    for await (const chunk of stream) {
      await stream.send(chunk);
      idle.deadline = currentTime() + IDLE;
    }
    await stream.sendEof();
  });
}

/** Says its port once it listens. */
export async function serveEcho(task: StartingTask<number>, port = 0): Promise<void> {
  await using listener = await createTcpListener({ port });
  task.started(listener.localAddress.port);
  await listener.serve(echo); // a client that goes away ends its own connection alone
}

/** Sends text and its end, and gives all that comes back. */
export async function ask(port: number, text: string): Promise<string> {
  await using stream = new BufferedByteStream(await connectTcp("127.0.0.1", port));
  const bytes = new TextEncoder().encode(text);
  return await taskGroup(async (group) => {
    // In a task of its own: the server sends back while it still receives.
    group.spawn(() => stream.send(bytes).then(() => stream.sendEof()));
    return new TextDecoder().decode(await stream.receiveExactly(bytes.length));
  });
}

async function program(): Promise<void> {
  const { args } = host();
  await taskGroup(async (group) => {
    if (args[0] === "--serve") {
      const port = await group.start<number>((task) => serveEcho(task, Number(args[1] ?? 0)));
      return console.log(`echo on port ${String(port)}`);
    }
    const port = await group.start<number>((task) => serveEcho(task));
    console.log(await ask(port, args.join(" ") || "hello"));
    group.cancel("it was answered");
  });
}

if (import.meta.main) await main(program);
