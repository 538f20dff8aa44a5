// What a connection costs the server: ours beside the host's own, by the memory of the process and the time it has used.
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { connect as connectTls } from "node:tls";
import type { RuntimeName } from "@arborio-internal/runtimes";
import { start } from "../running.ts";
import type { Held } from "./programs/tls-server.ts";

type Whose = "arborio" | "host";
type State = "tcp" | "silent" | "handshake" | "established";

const STATES: readonly State[] = ["tcp", "silent", "handshake", "established"];
const COUNT = 1_000;
/** The least of so many processes counts: what else goes on only adds. */
const TIMES = 3;
const MOST = 2;
/** Bytes and ms that all connections together may differ by for other reasons. */
const NOISE = { memory: 3 << 20, cpu: 30 };

interface Cost {
  readonly memory: number;
  readonly cpu: number;
}

/** Measures each state, and fails where silent connections cost more than twice the host's. */
export async function holding(runtime: RuntimeName, flags: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  for (const state of STATES) {
    const ours = await least("arborio", state, runtime, flags);
    const theirs = await least("host", state, runtime, flags);
    console.log(`  ${runtime}: ${state}, a connection: ${told(ours)}; node:${kindOf(state)} ${told(theirs)}`);
    if (state !== "silent") continue;
    for (const what of ["memory", "cpu"] as const)
      if (ours[what] > theirs[what] * MOST + NOISE[what])
        faults.push(`${what} of silent connections: more than ${String(MOST)} times that of node:tls`);
  }
  return faults;
}

async function least(
  whose: Whose,
  state: State,
  runtime: RuntimeName,
  flags: readonly string[],
): Promise<Cost> {
  const costs: Cost[] = [];
  for (let time = 0; time < TIMES; time++) costs.push(await cost(whose, state, runtime, flags));
  const of = (what: keyof Cost): number => Math.min(...costs.map((one) => one[what]));
  return { memory: of("memory"), cpu: of("cpu") };
}

async function cost(
  whose: Whose,
  state: State,
  runtime: RuntimeName,
  flags: readonly string[],
): Promise<Cost> {
  const kind = state === "tcp" ? "tcp" : "tls";
  const server = start(runtime, "tools/load/programs/tls-server.ts", [whose, kind], { flags });
  let clients: Socket[] = [];
  try {
    const where = JSON.parse(await server.printed(/port/)) as { port: number; authority: string };
    // What the first connection makes is made.
    clients = await open(1, state, where);
    const before = await measured();
    clients.push(...(await open(COUNT, state, where)));
    const after = await measured();
    return { memory: after.memory - before.memory, cpu: after.cpu - before.cpu };
  } finally {
    for (const client of clients) client.destroy();
    server.signal("SIGKILL");
  }

  async function measured(): Promise<Held> {
    const asked = ++questions;
    server.write(`${String(asked)}\n`);
    return JSON.parse(await server.printed(new RegExp(`"asked":${String(asked)}[,}]`))) as Held;
  }
}

let questions = 0;

async function open(
  count: number,
  state: State,
  { port, authority }: { port: number; authority: string },
): Promise<Socket[]> {
  const hello = state === "handshake" ? await clientHello() : undefined;
  const one = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const socket =
        state === "established"
          ? connectTls({ port, host: "127.0.0.1", ca: authority, servername: "localhost" })
          : connect(port, "127.0.0.1");
      socket.on("error", reject).once(state === "established" ? "secureConnect" : "connect", () => {
        if (hello !== undefined) socket.write(hello);
        resolve(socket);
      });
    });
  const opened: Socket[] = [];
  for (let left = count; left > 0; left -= 50)
    opened.push(...(await Promise.all(Array.from({ length: Math.min(50, left) }, one))));
  return opened;
}

/** A client's first record; the client is never answered. */
function clientHello(): Promise<Buffer> {
  return new Promise((resolve) => {
    const write = (chunk: Buffer, _encoding: string, done: () => void): void => {
      done();
      resolve(chunk);
    };
    connectTls({ socket: new Duplex({ read: () => {}, write }), servername: "localhost" }).on(
      "error",
      () => {},
    );
  });
}

function kindOf(state: State): string {
  return state === "tcp" ? "net" : "tls";
}

function told({ memory, cpu }: Cost): string {
  return `${(memory / COUNT / 1024).toFixed(1)} KiB, ${(cpu / COUNT).toFixed(2)} ms`;
}
