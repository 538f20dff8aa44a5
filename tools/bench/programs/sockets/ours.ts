import { run, taskGroup, type ByteStream, type Listener } from "arborio";
import type { Program } from "../../program.ts";
import { AT_ONCE, CHUNK, MESSAGE } from "../sizes.ts";

/** TCP, or what is like it. */
export interface Transport {
  /** On a free port of the loopback interface. */
  listen(): Promise<Listener<ByteStream> & { readonly localAddress: { readonly port: number } }>;
  connect(port: number): Promise<ByteStream>;
}

type Handler = (stream: ByteStream) => Promise<void>;

const message = new Uint8Array(MESSAGE);
const chunk = new Uint8Array(CHUNK);

/** Messages that go to and fro on one connection. */
export function roundTrip(transport: Transport): Program {
  return {
    run: (n) =>
      serving(transport, echo, async (port) => {
        const stream = await transport.connect(port);
        let done = 0;
        for (let left = n; left > 0; left--) {
          await stream.send(message);
          await receiveMessage(stream);
          done++;
        }
        await stream.close();
        return done;
      }),
  };
}

/** Chunks in a row on one connection. */
export function throughput(transport: Transport): Program {
  return {
    async run(n) {
      let received = 0;
      const count: Handler = async (stream) => {
        for await (const bytes of stream) received += bytes.length;
      };
      await serving(transport, count, async (port) => {
        const stream = await transport.connect(port);
        for (let left = n; left > 0; left--) await stream.send(chunk);
        await stream.close();
      });
      return received / CHUNK;
    },
  };
}

/** Connections, some at once, with a message each way. */
export function connections(transport: Transport): Program {
  return {
    run: (n) =>
      serving(transport, answer, async (port) => {
        let [left, done] = [n, 0];
        const worker = async (): Promise<void> => {
          while (left-- > 0) {
            const stream = await transport.connect(port);
            await stream.send(message);
            await receiveMessage(stream);
            await stream.close();
            done++;
          }
        };
        await taskGroup(async (group) => {
          for (let i = 0; i < AT_ONCE; i++) group.spawn(worker);
        });
        return done;
      }),
  };
}

/** Runs `client` beside a server, and stops the server after it. */
function serving<T>(
  transport: Transport,
  handler: Handler,
  client: (port: number) => Promise<T>,
): Promise<T> {
  return run(() =>
    taskGroup(async (group) => {
      const listener = await transport.listen();
      group.spawn(() => listener.serve(handler));
      const result = await client(listener.localAddress.port);
      await listener.close();
      return result;
    }),
  );
}

async function echo(stream: ByteStream): Promise<void> {
  for await (const bytes of stream) await stream.send(bytes);
}

async function answer(stream: ByteStream): Promise<void> {
  await receiveMessage(stream);
  await stream.send(message);
}

/** A message may come in pieces. */
async function receiveMessage(stream: ByteStream): Promise<void> {
  for (let left = MESSAGE; left > 0;) left -= (await stream.receive()).length;
}
