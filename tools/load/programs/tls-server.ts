// A server whose connections are counted: `tls-server.ts arborio|host tcp|tls`. For each line it reads it prints, in JSON, what it holds.
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { createServer as createTlsServer } from "node:tls";
import { setTimeout as pause } from "node:timers/promises";
import { certificates } from "@arborio/conformance";
import { createTcpListener, createTlsListener, main, sleepForever, taskGroup } from "arborio";

/** What the process holds, and has used. */
export interface Held {
  readonly memory: number;
  /** Ms of the processor. */
  readonly cpu: number;
}

const [, , whose = "arborio", kind = "tcp"] = process.argv;
const made = await certificates();
const { certificate, key } = made.server;

await main(async () => {
  await taskGroup(async (group) => {
    const port = whose === "arborio" ? await own(group) : await hosts();
    console.log(JSON.stringify({ port, authority: made.authority }));
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- it never rejects
    createInterface({ input: process.stdin }).on("line", async (line) =>
      console.log(JSON.stringify({ asked: Number(line), ...(await held()) })),
    );
    await sleepForever();
  });
});

async function own(group: { spawn(fn: () => Promise<void>): unknown }): Promise<number> {
  const options = { backlog: 4096 };
  const wait = (): Promise<never> => sleepForever();
  if (kind === "tcp") {
    const listener = await createTcpListener(options);
    group.spawn(() => listener.serve(wait));
    return listener.localAddress.port;
  }
  const listener = await createTlsListener({ ...options, certificate, key, handshakeTimeout: 600_000 });
  group.spawn(() => listener.serve(wait));
  return listener.listener.localAddress.port;
}

function hosts(): Promise<number> {
  const server =
    kind === "tcp" ? createServer() : createTlsServer({ cert: certificate, key, handshakeTimeout: 600_000 });
  server.on("connection", (socket: { on(name: "error", listener: () => void): unknown }) => {
    socket.on("error", () => {});
  });
  server.on("tlsClientError", () => {});
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", 4096, () => resolve((server.address() as { port: number }).port));
  });
}

async function held(): Promise<Held> {
  const { gc } = globalThis as { gc?: () => void };
  const { user, system } = process.cpuUsage();
  for (let turn = 0; turn < 5; turn++) {
    await pause(20);
    gc?.();
  }
  return { memory: process.memoryUsage.rss(), cpu: (user + system) / 1000 };
}
