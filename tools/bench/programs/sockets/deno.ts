import type { Program } from "../../program.ts";
import { AT_ONCE, CHUNK, MESSAGE } from "../sizes.ts";

/** What the programs use of Deno. */
export interface DenoConnection {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  /** Not of TLS. */
  setNoDelay?(on: boolean): void;
  close(): void;
}

/** A listener gives connections until it is closed. */
export interface DenoListener extends AsyncIterable<DenoConnection> {
  readonly addr: { readonly port: number };
  close(): void;
}

interface Where {
  readonly hostname: string;
  readonly port: number;
}

interface DenoSockets {
  connect(where: Where): Promise<DenoConnection>;
  listen(where: Where): DenoListener;
  connectTls(where: Where & { readonly caCerts: string[] }): Promise<DenoConnection>;
  listenTls(where: Where & { readonly cert: string; readonly key: string }): DenoListener;
}

/** TCP or TLS of Deno. */
export interface DenoTransport {
  listen(): DenoListener;
  connect(port: number): Promise<DenoConnection>;
}

/** Deno itself, where this is Deno. */
export function denoSockets(): DenoSockets {
  return (globalThis as unknown as { Deno: DenoSockets }).Deno;
}

const message = new Uint8Array(MESSAGE);
const chunk = new Uint8Array(CHUNK);

/** As its documentation has it: one buffer a connection, read into again and again. */
export function roundTrip(transport: DenoTransport): Program {
  return {
    runtime: "deno",
    run: (n) =>
      serving(transport, echo, async (connection) => {
        const buffer = new Uint8Array(CHUNK);
        let done = 0;
        for (; done < n; done++) {
          await writeAll(connection, message);
          await readMessage(connection, buffer);
        }
        return done;
      }),
  };
}

export function throughput(transport: DenoTransport): Program {
  return {
    runtime: "deno",
    async run(n) {
      let received = 0;
      const count = async (connection: DenoConnection): Promise<void> => {
        const buffer = new Uint8Array(CHUNK);
        for (let got; (got = await connection.read(buffer)) !== null;) received += got;
      };
      await serving(transport, count, async (connection) => {
        for (let left = n; left > 0; left--) await writeAll(connection, chunk);
      });
      return received / CHUNK;
    },
  };
}

export function connections(transport: DenoTransport): Program {
  return {
    runtime: "deno",
    async run(n) {
      const listener = transport.listen();
      const served = serve(listener, answer);
      let [left, done] = [n, 0];
      const worker = async (): Promise<void> => {
        while (left-- > 0) {
          await closing(await transport.connect(listener.addr.port), async (connection) => {
            await writeAll(connection, message);
            await readMessage(connection, new Uint8Array(MESSAGE));
          });
          done++;
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, worker));
      listener.close();
      await served;
      return done;
    },
  };
}

/** Runs `client` with a connection beside a server, and stops the server after it. */
async function serving<T>(
  transport: DenoTransport,
  handler: (connection: DenoConnection) => Promise<void>,
  client: (connection: DenoConnection) => Promise<T>,
): Promise<T> {
  const listener = transport.listen();
  const served = serve(listener, handler);
  const result = await closing(await transport.connect(listener.addr.port), client);
  listener.close();
  await served;
  return result;
}

async function serve(
  listener: DenoListener,
  handler: (connection: DenoConnection) => Promise<void>,
): Promise<void> {
  const handlers: Promise<void>[] = [];
  for await (const connection of listener) handlers.push(closing(connection, handler));
  await Promise.all(handlers);
}

async function closing<T>(
  connection: DenoConnection,
  act: (connection: DenoConnection) => Promise<T>,
): Promise<T> {
  connection.setNoDelay?.(true);
  try {
    return await act(connection);
  } finally {
    connection.close();
  }
}

async function echo(connection: DenoConnection): Promise<void> {
  const buffer = new Uint8Array(CHUNK);
  for (let got; (got = await connection.read(buffer)) !== null;)
    await writeAll(connection, buffer.subarray(0, got));
}

async function answer(connection: DenoConnection): Promise<void> {
  await readMessage(connection, new Uint8Array(MESSAGE));
  await writeAll(connection, message);
}

async function writeAll(connection: DenoConnection, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await connection.write(bytes.subarray(sent));
}

/** A message may come in pieces. */
async function readMessage(connection: DenoConnection, buffer: Uint8Array): Promise<void> {
  for (let left = MESSAGE; left > 0;) {
    const got = await connection.read(buffer);
    if (got === null) throw new Error("Cannot read the message: the connection has ended");
    left -= got;
  }
}
