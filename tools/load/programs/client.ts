// The client's side of the load: `client.ts SCENARIO PORT AMOUNT`. Its last line is JSON, what it found.
import {
  CapacityLimiter,
  connectTcp,
  currentTime,
  host,
  isError,
  main,
  moveOnAfter,
  sleep,
  taskGroup,
  type TcpStream,
} from "arborio";
import { measure, type Measures } from "./measures.ts";

type Mode = "echo" | "idle" | "flood" | "measure";

/** Both processes, at one time. */
interface Both {
  readonly client: Measures;
  readonly server: Measures;
}

const MESSAGE = new TextEncoder().encode("a message each way");
const CLIENTS = 1_000;
const LONGEST = 30;
const MIB = 1 << 20;

const scenarios: Readonly<Record<string, (port: number, amount: number) => Promise<object>>> = {
  connections,
  cancelled,
  "slow-readers": slowReaders,
};

await main(async () => {
  const [scenario = "", port, amount] = host().args;
  console.log(JSON.stringify(await scenarios[scenario]?.(Number(port), Number(amount))));
});

async function open(port: number, mode: Mode): Promise<TcpStream> {
  const stream = await connectTcp("127.0.0.1", port);
  try {
    await stream.send(new TextEncoder().encode(mode.slice(0, 1)));
    return stream;
  } catch (error) {
    stream.closeForcefully();
    throw error;
  }
}

/** Holds so many connections open, and then passes a message each way on every one. */
async function connections(port: number, count: number): Promise<object> {
  const before = await both(port);
  const began = currentTime();
  const streams: TcpStream[] = [];
  const attempts = new CapacityLimiter(200);
  await taskGroup((group) => {
    for (let n = 0; n < count; n++)
      group.spawn(() => attempts.with(async () => streams.push(await open(port, "echo"))));
  });
  const opened = currentTime();
  let answered = 0;
  await taskGroup((group) => {
    for (const stream of streams)
      group.spawn(async () => {
        await stream.send(MESSAGE);
        let count = 0;
        while (count < MESSAGE.length) count += (await stream.receive()).length;
        if (count === MESSAGE.length) answered++;
      });
  });
  const passed = currentTime();
  const during = await both(port);
  await taskGroup((group) => {
    for (const stream of streams) group.spawn(() => stream.close());
  });
  streams.length = 0;
  return {
    answered,
    opening: opened - began,
    messages: passed - opened,
    before,
    during,
    after: await settled(port, before),
  };
}

/** Clients that connect and talk, each cut at some moment, again and again. */
async function cancelled(port: number, seconds: number): Promise<object> {
  let attempts = 0;
  const refused: Record<string, number> = {};
  const crowd = (ms: number): Promise<void> => {
    const end = currentTime() + ms;
    return taskGroup((group) => {
      for (let n = 0; n < CLIENTS; n++)
        group.spawn(async () => {
          while (currentTime() < end) {
            attempts++;
            await moveOnAfter(Math.random() * LONGEST, () => talk(port)).catch((error: unknown) => {
              if (!isError(error, "OSError")) throw error;
              refused[error.code] = (refused[error.code] ?? 0) + 1;
            });
          }
        });
    });
  };
  const start = await both(port);
  // What is made once, pools and compiled code, is made.
  await crowd(Math.min(3_000, seconds * 300));
  const before = await settled(port, start);
  await crowd(seconds * 1000);
  return { attempts, refused, before, after: await settled(port, before) };
}

async function talk(port: number): Promise<never> {
  await using stream = await open(port, "echo");
  for (;;) {
    await stream.send(MESSAGE);
    await stream.receive();
  }
}

/** Peers that take nothing, and one whose bytes are not taken. */
async function slowReaders(port: number, count: number): Promise<object> {
  const before = await both(port);
  const chunk = new Uint8Array(65_536);
  const streams: TcpStream[] = [];
  for (let n = 0; n < count; n++) streams.push(await open(port, "idle"), await open(port, "flood"));
  const [idle, flood] = [0, 1].map((side) => streams.filter((_, at) => at % 2 === side));
  let sent = 0;
  let cut = 0;
  let broken = 0;
  let during = before;
  await taskGroup((group) => {
    for (const stream of idle ?? [])
      group.spawn(async () => {
        const ended = await moveOnAfter(2_000, async () => {
          for (;;) {
            await stream.send(chunk);
            sent += chunk.length;
          }
        });
        if (ended === undefined) cut++;
        const error = await stream.send(chunk).catch((thrown: unknown) => thrown);
        if (isError(error, "BrokenResourceError")) broken++;
      });
    group.spawn(async () => {
      await sleep(1_500);
      during = await both(port);
    });
  });
  for (const stream of [...(idle ?? []), ...(flood ?? [])]) stream.closeForcefully();
  return { sent: sent / MIB, cut, broken, before, during, after: await settled(port, before) };
}

async function both(port: number): Promise<Both> {
  await using stream = await open(port, "measure");
  let text = "";
  for await (const chunk of stream) text += new TextDecoder().decode(chunk);
  await stream.close();
  return { client: await measure(), server: JSON.parse(text) as Measures };
}

/** The server learns of the ends a little later. */
async function settled(port: number, before: Both): Promise<Both> {
  const end = currentTime() + 10_000;
  for (;;) {
    const now = await both(port);
    const same = (["client", "server"] as const).every(
      (side) => now[side].descriptors === before[side].descriptors && now[side].tasks === before[side].tasks,
    );
    if (same || currentTime() > end) return now;
    await sleep(100);
  }
}
