// All of it on a runtime without an ambient context, as browsers are: through `{ signal }`.
import { checkpoint, isCancelled, sleep, type WaitOptions } from "@arborio/core";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import { CancelScope } from "@arborio/cancellation";
import { AsyncEvent, Barrier, Condition, Future, Lock, RateLimiter, Semaphore } from "@arborio/sync";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { governors } from "./governors.ts";

const warn = vi.spyOn(console, "warn");
beforeAll(() => setAmbientSlot(null));
afterAll(() => setAmbientSlot(undefined));
beforeEach(() => void warn.mockReset().mockImplementation(() => undefined));
afterAll(() => warn.mockRestore());

const silent = (): void => expect(warn.mock.calls).toEqual([]);

const held = new Lock();
held.tryAcquire();

/** Waits that do not end by themselves. */
const waits: Readonly<Record<string, (options?: WaitOptions) => Promise<unknown>>> = {
  "event.wait": (options) => new AsyncEvent().wait(options),
  "future.result": (options) => new Future().result(options),
  "barrier.wait": (options) => new Barrier(2).wait(options),
  "lock.acquire": (options) => held.acquire(options),
  "lock.with": (options) => held.with(() => undefined, options),
  "semaphore.acquire": (options) => new Semaphore(0).acquire(options),
  "condition.wait": (options) => {
    const condition = new Condition();
    return condition.lock.acquire(options).then((permit) => condition.wait(permit, options));
  },
  "limiter.acquire": (options) => {
    const limiter = new RateLimiter(1, 1e9);
    limiter.tryAcquire();
    return limiter.acquire(options);
  },
};

for (const [name, wait] of Object.entries(waits)) {
  everywhere(`C2: ${name} ends with the scope whose signal it is given`, async (root) => {
    const scope = new CancelScope();
    await scope.run(async ({ signal }) => {
      await checkpoint({ signal });
      const waiting = errorOf(wait({ signal }));
      await sleep(0, { signal });
      scope.cancel();
      expect(await waiting).toSatisfy(isCancelled);
      expect(await errorOf(wait({ signal }))).toSatisfy(isCancelled);
    }, root);
    silent();
  });
}

for (const [name, wait] of Object.entries(waits).filter(([name]) => name !== "condition.wait")) {
  everywhere(`C2: ${name} ends with the scope that was known when it was called`, async (root) => {
    const scope = new CancelScope();
    let seen: unknown;
    const running = scope.run(async () => {
      seen = await errorOf(wait());
    }, root);
    await sleep(0, root);
    await sleep(0, root);
    scope.cancel();
    await running;
    expect(seen).toSatisfy(isCancelled);
    silent();
  });
}

everywhere("C2: a condition's wait too", async (root) => {
  const condition = new Condition();
  const permit = condition.lock.tryAcquire();
  const scope = new CancelScope();
  const running = scope.run(() => permit && condition.waitFor(permit, () => false), root);
  await sleep(0, root);
  await sleep(0, root);
  scope.cancel();
  await running;
  expect([scope.cancelledCaught, condition.statistics().tasksWaiting]).toEqual([true, 0]);
  silent();
});

for (const [name, make] of Object.entries(governors)) {
  everywhere(
    `C3: in a cancelled scope that is known only before the first await nothing is taken: ${name}`,
    async (root) => {
      const governor = make();
      const scope = new CancelScope();
      await scope.run(() => {
        scope.cancel();
        return governor.acquire();
      }, root);
      expect([scope.cancelledCaught, governor.tryAcquire() !== undefined]).toEqual([true, true]);
      silent();
    },
  );

  everywhere(`S1: permits are handed on as anywhere: ${name}`, async (root) => {
    const governor = make();
    const first = await governor.acquire(root);
    const next = governor.with(() => "had", root);
    first.release();
    expect(await next).toBe("had");
    silent();
  });
}

everywhere("S3: a condition's wait takes the lock again though its scope was cancelled", async (root) => {
  const condition = new Condition();
  const scope = new CancelScope();
  let lockedAtTheEnd = false;
  await scope.run(
    ({ signal }) =>
      condition.with(
        async (permit) => {
          const waiting = condition.wait(permit, { signal });
          await sleep(0, { signal });
          scope.cancel();
          await errorOf(waiting);
          lockedAtTheEnd = condition.lock.locked;
        },
        { signal },
      ),
    root,
  );
  expect([lockedAtTheEnd, condition.lock.locked]).toEqual([true, false]);
  silent();
});

test("outside any run and scope: two branches take turns", async () => {
  const lock = new Lock();
  const log: string[] = [];
  const branch = (name: string) => () =>
    lock.with(async () => {
      log.push(`${name} in`);
      await sleep(1);
      log.push(`${name} out`);
    });
  await Promise.all([branch("a")(), branch("b")()]);
  expect(log).toEqual(["a in", "a out", "b in", "b out"]);
});
