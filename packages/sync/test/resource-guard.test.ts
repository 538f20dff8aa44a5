import { checkpoint, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { ResourceGuard } from "@arborio/sync";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere(
  "the second use at a time is a BusyResourceError that says with what another task is busy",
  async () => {
    const guard = new ResourceGuard("reading");
    const using_ = guard.enter();
    const error = thrownBy(() => guard.enter());
    expect(error).toHaveProperty("code", "ERR_BUSY_RESOURCE");
    expect((error as Error).message).toBe('Cannot use the resource: another task is busy with "reading"');
    expect(await errorOf(guard.with(() => 1))).toHaveProperty("code", "ERR_BUSY_RESOURCE");
    expect(guard.statistics()).toEqual({ busy: true });
    using_.release();
    expect([guard.statistics().busy, await guard.with(() => checkpoint().then(() => 1))]).toEqual([false, 1]);
  },
);

everywhere("S5: a use ends once, by release or at the end of a block", () => {
  const guard = new ResourceGuard();
  const first = guard.enter();
  first.release();
  const second = guard.enter();
  first.release();
  expect(guard.statistics().busy).toBe(true);
  second[Symbol.dispose]();
  {
    using _ = guard.enter();
    expect(guard.statistics().busy).toBe(true);
  }
  expect(guard.statistics().busy).toBe(false);
});

everywhere("with ends the use however the function ends, a cancellation included", async () => {
  const guard = new ResourceGuard();
  const failure = new Error("no");
  expect(await errorOf(guard.with(() => Promise.reject(failure)))).toBe(failure);
  await new CancelScope().run(async (scope) => {
    const use = guard.with(() => sleep(1_000));
    expect(guard.statistics().busy).toBe(true);
    void guard.with(() => undefined).catch(() => undefined);
    scope.cancel();
    await use;
  });
  expect(guard.statistics().busy).toBe(false);
  await new CancelScope().run(async (scope) => {
    void guard.with(() => sleep(1_000));
    await waitAllTasksBlocked();
    scope.cancel();
    await checkpoint();
  });
  await waitAllTasksBlocked();
});

test("arguments are checked at once", () => {
  expect(thrownBy(() => new ResourceGuard(1 as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => void new ResourceGuard().with(1 as never))).toBeInstanceOf(TypeError);
});
