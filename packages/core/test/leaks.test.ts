import { checkpoint, run, sleep, sleepForever } from "@arborio/core";
import { currentRuntime, deadlinesOf } from "@arborio/core/lowlevel";
import { moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { growth, MOST } from "../../testing/test/heap-growth.ts";

everywhere("F3: no timer outlives the wait it served: cut, ended early, or cancelled", async () => {
  const deadlines = deadlinesOf(currentRuntime());
  const before = deadlines.size;
  for (let count = 0; count < 100; count++) {
    await moveOnAfter(0, () => sleep(1e6));
    await moveOnAfter(1e6, checkpoint);
    await taskGroup((group) => {
      group.spawn(() => sleep(1e6));
      group.spawn(() => moveOnAfter(1e6, sleepForever));
      group.cancel();
    });
    await sleep(1e6, { signal: AbortSignal.abort("stop") }).catch(() => undefined);
  }
  expect(deadlines.size).toBe(before);
});

test("F3: half a million timeouts in one scope leave the heap flat", { timeout: 60_000 }, async () => {
  await run(() =>
    moveOnAfter(1e9, async () => {
      const deadlines = deadlinesOf(currentRuntime());
      const before = deadlines.size;
      expect(await growth(5e5, () => moveOnAfter(1e6, () => undefined))).toBeLessThan(MOST);
      expect(deadlines.size).toBe(before);
    }),
  );
});

test(
  "F3: 1e5 cancelled waits on one long-lived signal leave the heap flat",
  { timeout: 60_000 },
  async () => {
    const { signal } = new AbortController();
    await run(async () => {
      expect(await growth(1e5, () => moveOnAfter(-1, () => sleepForever({ signal })))).toBeLessThan(MOST);
    });
  },
);

test(
  "T13: 1e5 tasks of one group, one after the other, leave the heap flat",
  { timeout: 60_000 },
  async () => {
    await run(() =>
      taskGroup(async (group) => {
        expect(await growth(1e5, () => group.spawn(() => undefined).wait())).toBeLessThan(MOST);
      }),
    );
  },
);
