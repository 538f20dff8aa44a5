// T18 for connections: a Cancelled that comes to a handler through a promise it shares with another.
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { isCancelled, leaves, sleep, sleepForever } from "@arborio/core";
import type { ServeOptions } from "@arborio/streams";
import type { TcpStream } from "@arborio/net";
import { supervisedGroup, taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";
import { FakeSocket } from "./fake-net.ts";
import { serving, type Given } from "./serving.ts";

const STRAY = {
  code: "ERR_TASK_CANCELLED",
  message: expect.stringMatching(
    /^Cannot finish .*: it failed with a cancellation that did not reach it, of a scope of task 'connection'$/,
  ) as string,
  cause: { source: "deadline", of: "connection" },
};

/** Serves three connections. Two wait for one promise, the first of them under a timeout; gives what goes on after that. */
async function serveSharing({ raw, listener }: Given, options: ServeOptions<TcpStream>): Promise<string[]> {
  const log: string[] = [];
  let loading: Promise<void> | undefined;
  const load = (): Promise<void> => (loading ??= sleep(1_000));
  const handlers = [
    () => moveOnAfter(50, load).then(() => log.push("first")),
    () => load().finally(() => log.push("second was cut")),
    () => sleep(100).then(() => log.push("third")),
  ];
  for (let count = 0; count < handlers.length; count++) raw.arrive(new FakeSocket());
  await moveOnAfter(200, () => listener.serve(() => handlers.shift()?.(), options));
  return log;
}

serving("T18: onError is told, and the other connections live", async (given) => {
  const told: unknown[] = [];
  const log = await serveSharing(given, { onError: (error) => told.push(error) });
  expect(log.sort()).toEqual(["first", "second was cut", "third"]);
  expect(told).toMatchObject([STRAY]);
});

serving("T18: so it is in a group of the caller's", async (given) => {
  const told: unknown[] = [];
  const onError = (error: unknown): unknown => told.push(error);
  const log = await taskGroup((group) => serveSharing(given, { group, onError }));
  expect(log.sort()).toEqual(["first", "second was cut", "third"]);
  expect(told).toMatchObject([STRAY]);
});

serving("T16, T18: without onError the group it is served in is told: a supervised one", async (given) => {
  const told: unknown[] = [];
  const log = await supervisedGroup(
    (group) => serveSharing(given, { group }),
    (error) => void told.push(error),
  );
  expect(log.sort()).toEqual(["first", "second was cut", "third"]);
  expect(told).toMatchObject([STRAY]);
});

serving("T2, T18: without either, serve fails by name", async (given) => {
  const error = await errorOf(serveSharing(given, {}));
  expect(leaves(error)).toMatchObject([STRAY]);
});

serving("T18: what onError throws of it is the handler's error too", async (given) => {
  const onError = (error: unknown): never => {
    throw (error as Error).cause;
  };
  const error = await errorOf(serveSharing(given, { onError }));
  expect(leaves(error)).toMatchObject([STRAY]);
});

serving("T18: real errors beside it go to onError without it", async ({ raw, listener }) => {
  const told: unknown[] = [];
  const boom = new Error("boom");
  const elsewhere = new CancelScope();
  await elsewhere.run(() => elsewhere.cancel());
  raw.arrive(new FakeSocket());
  const handler = (): never => {
    void listener.close();
    throw new AggregateError([elsewhere.signal.reason, boom]);
  };
  await listener.serve(handler, { onError: (error) => told.push(error) });
  expect(told).toMatchObject([{ errors: [boom] }]);
});

serving(
  "C12, T18: onError is not told of a cancellation on its way, hidden by a shield meanwhile",
  async ({ raw, listener }) => {
    const told: unknown[] = [];
    const [outer, inner] = [new CancelScope(), new CancelScope()];
    raw.arrive(new FakeSocket());
    const handler = async (): Promise<void> => {
      outer.cancel();
      await sleepForever().finally(() => (inner.shield = true));
    };
    const serve = (): Promise<void> => listener.serve(handler, { onError: (error) => told.push(error) });
    const error: unknown = await outer.run(() => inner.run(serve)).catch((thrown: unknown) => thrown);
    expect([told, isCancelled(error)]).toEqual([[], false]);
  },
);
