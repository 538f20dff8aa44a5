import { CancelScope } from "@arborio/cancellation";
import { sleep, sleepForever } from "@arborio/core";
import type { TcpStream } from "@arborio/net";
import { CapacityLimiter, Semaphore } from "@arborio/sync";
import { taskGroup, type TaskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { FakeSocket } from "./fake-net.ts";
import { serving, type Given } from "./serving.ts";

function arrive({ raw }: Given, count: number): FakeSocket[] {
  return Array.from({ length: count }, () => raw.arrive(new FakeSocket()));
}

serving("limit: so many are served at once; then none is accepted", async (given) => {
  arrive(given, 5);
  let [now, most, served] = [0, 0, 0];
  const handler = async (): Promise<void> => {
    most = Math.max(most, ++now);
    await sleep(10);
    now--;
    served++;
    if (served === 5) await given.listener.close();
  };
  await taskGroup(async (group) => {
    group.spawn(() => given.listener.serve(handler, { limit: 2 }));
    await sleep(5);
    expect([given.raw.asked, given.raw.busy]).toEqual([2, false]);
  });
  expect([most, served]).toEqual([2, 5]);
});

serving("limit: the place of a handler that failed is free again", async (given) => {
  arrive(given, 3);
  let served = 0;
  const handler = async (): Promise<void> => {
    if (++served === 3) await given.listener.close();
    throw new Error("boom");
  };
  await given.listener.serve(handler, { limit: 1, onError: () => {} });
  expect(served).toBe(3);
});

serving("limit: a limiter is shared, and held only by those that are served", async (given) => {
  const limiter = new CapacityLimiter(1);
  await taskGroup(async (group) => {
    group.spawn(() => given.listener.serve(() => sleep(10), { limit: limiter }));
    await sleep(1);
    expect([given.raw.busy, limiter.borrowedTokens]).toEqual([true, 0]);
    const other = await limiter.acquire();
    const [socket] = arrive(given, 1);
    await sleep(1);
    expect(socket?.closed).toBe("no");
    other.release();
    await sleep(5);
    expect(limiter.borrowedTokens).toBe(1);
    await given.listener.close();
  });
  expect(limiter.borrowedTokens).toBe(0);
});

serving("limit: closing ends serve at once though it waits for room", async (given) => {
  const semaphore = new Semaphore(1);
  const permit = await semaphore.acquire();
  await taskGroup(async (group) => {
    group.spawn(() => given.listener.serve(() => {}, { limit: semaphore }));
    await sleep(1);
    await given.listener.close();
  });
  permit.release();
  expect([given.raw.asked, semaphore.statistics().tasksWaiting]).toEqual([0, 0]);
});

serving("limit: a connection that waits for its place is closed by a cancellation", async (given) => {
  const limiter = new CapacityLimiter(1);
  const scope = new CancelScope();
  const served: TcpStream[] = [];
  const serve = (): Promise<void> =>
    given.listener.serve((stream) => void served.push(stream), { limit: limiter });
  let socket: FakeSocket | undefined;
  await scope.run(() =>
    taskGroup(async (group) => {
      group.spawn(serve);
      await sleep(1);
      await limiter.acquire();
      [socket] = arrive(given, 1);
      await sleep(1);
      scope.cancel();
      await sleepForever();
    }),
  );
  expect([socket?.closed, served.length, limiter.borrowedTokens]).toEqual(["aborted", 0, 1]);
});

serving("limit: a group that takes no more gives the place back", async (given) => {
  const limiter = new CapacityLimiter(1);
  let ended: TaskGroup | undefined;
  await taskGroup((group) => void (ended = group));
  const [socket] = arrive(given, 1);
  await expect(given.listener.serve(() => {}, { group: ended, limit: limiter })).rejects.toMatchObject({
    code: "ERR_GROUP_CLOSED",
  });
  expect([socket?.closed, limiter.borrowedTokens]).toEqual(["aborted", 0]);
});
