import { CancelScope } from "@arborio/cancellation";
import { isError, sleepForever } from "@arborio/core";
import type { ByteStream, Listener } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, ok } from "./assert.ts";
import { bytes, receiveText } from "./bytes.ts";

type Connect = () => Promise<ByteStream>;

/** A promise that handlers share, as a cache does; the first waits for it in a scope that the second cancels. */
class Shared {
  readonly scope = new CancelScope();
  private promise: Promise<never> | undefined;

  async begin(stream: ByteStream): Promise<void> {
    await this.scope.run(async () => {
      this.promise = sleepForever();
      await stream.send(bytes("waits"));
      await this.promise;
    });
    await stream.send(bytes("goes on"));
  }

  async join(): Promise<void> {
    this.scope.cancel();
    await this.promise;
  }
}

/** Checks, by each way to connect, that a Cancelled which comes to a handler through a shared promise ends that one alone (T18). */
export async function checkSharing(listener: Listener<ByteStream>, ways: readonly Connect[]): Promise<void> {
  let shared = new Shared();
  const told: unknown[] = [];
  const handler = async (stream: ByteStream): Promise<void> => {
    const word = await receiveText(stream, 1);
    if (word === "1") await shared.begin(stream);
    else if (word === "2") await shared.join();
    else await stream.send(bytes("served"));
  };
  const onError = async (error: unknown, stream: ByteStream): Promise<void> => {
    told.push(error);
    await stream.send(bytes("told"));
  };
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(handler, { onError }));
    for (const connect of ways) {
      shared = new Shared();
      await using first = await ask(connect, "1", "waits");
      await (await ask(connect, "2", "told")).close();
      equal(await receiveText(first, 7), "goes on", "what the first does then");
      await (await ask(connect, "3", "served")).close();
      const error = told.pop();
      ok(isError(error, "TaskCancelled"), `onError: expected TaskCancelled, received ${String(error)}`);
      equal(error.cause === shared.scope.signal.reason, true, "whether its cause is the scope's Cancelled");
    }
    await listener.close();
  });
  equal(told.length, 0, "what else onError was told");
}

async function ask(connect: Connect, word: string, answer: string): Promise<ByteStream> {
  const client = await connect();
  await client.send(bytes(word));
  equal(await receiveText(client, answer.length), answer, `the answer to ${word}`);
  return client;
}
