import { checkpoint, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { ReadWriteLock } from "@arborio/sync";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

everywhere("readers share it; a writer has it alone", async () => {
  const lock = new ReadWriteLock();
  const readers = [await lock.read.acquire(), await lock.read.acquire()];
  expect(lock.statistics()).toEqual({ readers: 2, writing: false, tasksWaiting: 0 });
  expect(lock.write.tryAcquire()).toBe(undefined);
  for (const permit of readers) permit.release();
  const writer = await lock.write.acquire();
  expect(lock.statistics()).toEqual({ readers: 0, writing: true, tasksWaiting: 0 });
  expect([lock.read.tryAcquire(), lock.write.tryAcquire()]).toEqual([undefined, undefined]);
  writer.release();
});

everywhere("S1: a reader that comes after a waiting writer waits behind it", async () => {
  const lock = new ReadWriteLock();
  const log: string[] = [];
  const first = await lock.read.acquire();
  await taskGroup(async (group) => {
    group.spawn(() => lock.write.with(() => log.push("write")));
    await waitAllTasksBlocked();
    group.spawn(() => lock.read.with(() => log.push("read")));
    group.spawn(() => lock.read.with(() => log.push("read")));
    await waitAllTasksBlocked();
    expect([lock.read.tryAcquire(), lock.statistics().tasksWaiting]).toEqual([undefined, 3]);
    first.release();
  });
  expect(log).toEqual(["write", "read", "read"]);
});

everywhere("S1: the readers at the head of the line go on together, up to the next writer", async () => {
  const lock = new ReadWriteLock();
  const writer = await lock.write.acquire();
  const readers = [lock.read.acquire(), lock.read.acquire()];
  const next = lock.write.acquire();
  const last = lock.read.acquire();
  writer.release();
  expect(lock.statistics()).toEqual({ readers: 2, writing: false, tasksWaiting: 2 });
  for (const reader of readers) (await reader).release();
  expect(lock.statistics()).toEqual({ readers: 0, writing: true, tasksWaiting: 1 });
  (await next).release();
  (await last).release();
});

everywhere(
  "S1: a writer that is cancelled at the head of the line lets the readers behind it go on",
  async () => {
    const lock = new ReadWriteLock();
    const scope = new CancelScope();
    const reader = await lock.read.acquire();
    await taskGroup(async (group) => {
      group.spawn(() => scope.run(() => lock.write.with(() => expect.unreachable())));
      await waitAllTasksBlocked();
      const behind = [lock.read.acquire(), lock.read.acquire()];
      expect(lock.statistics().tasksWaiting).toBe(3);
      scope.cancel();
      expect(lock.statistics()).toEqual({ readers: 3, writing: false, tasksWaiting: 0 });
      for (const permit of await Promise.all(behind)) permit.release();
    });
    reader.release();
  },
);

everywhere("what is written is never read half-way", async () => {
  const lock = new ReadWriteLock();
  const pair = [0, 0];
  await taskGroup((group) => {
    for (let count = 0; count < 5; count++) {
      group.spawn(() =>
        lock.write.with(async () => {
          pair[0]!++;
          await checkpoint();
          pair[1]!++;
        }),
      );
      group.spawn(() =>
        lock.read.with(async () => {
          expect(pair[0]).toBe(pair[1]);
          await checkpoint();
          expect(pair[0]).toBe(pair[1]);
        }),
      );
    }
  });
  expect(pair).toEqual([5, 5]);
});

test("S2: a reader that wants to write waits for ever: the deadlock report names what for", async () => {
  const lock = new ReadWriteLock();
  const upgrade = simulate(() => lock.read.with(() => lock.write.acquire()));
  expect(String(await errorOf(upgrade))).toContain("waits for a permit to write");
});
