import { checkpoint, run, sleep } from "@arborio/core";
import type { Backend, Clock } from "@arborio/core/backend";
import { CancelScope, failAfter, moveOnAfter, shield } from "@arborio/cancellation";
import { expect, test } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";
import { found, titles } from "./debugging.ts";

/** A clock that only moves when it is told to, as if code had run all that time. */
class HandClock implements Clock {
  time = 0;
  private alarm: { readonly at: number; readonly wake: () => void } | undefined = undefined;
  now(): number {
    return this.time;
  }
  arm(at: number, wake: () => void): void {
    this.alarm = { at, wake };
  }
  hold(): void {}
  /** Rings as a timer does: when the code that ran has let it. */
  ring(): void {
    const { alarm } = this;
    this.alarm = undefined;
    alarm?.wake();
  }
}

async function overshot(fn: (clock: HandClock) => unknown): Promise<string[]> {
  const clock = new HandClock();
  const backend: Backend = { name: "by hand", clock };
  return titles(
    await found(() =>
      run(
        async function main() {
          await fn(clock);
        },
        { backend },
      ),
    ),
  );
}

const report = (ms: number): string[] => [
  `deadline-overshot: a scope of task 'main' gave its value ${String(ms)} ms after its deadline, with no checkpoint in between: nothing could stop it`,
];

test("a block that runs past its deadline with no checkpoint, and gives a value, is named with by how much", async () => {
  expect(await overshot((clock) => moveOnAfter(100, async () => (clock.time += 350)))).toEqual(report(250));
});

test("a checkpoint before the deadline does not count", async () => {
  expect(
    await overshot((clock) =>
      failAfter(100, async () => {
        await checkpoint();
        clock.time += 150;
      }),
    ),
  ).toEqual(report(50));
});

test("nor does it that the deadline rang, when the block waits for a foreign promise", async () => {
  expect(
    await overshot((clock) =>
      moveOnAfter(100, async () => {
        clock.time += 130;
        clock.ring();
        await Promise.resolve();
      }),
    ),
  ).toEqual(report(30));
});

test("the place is where the scope was opened", async () => {
  const clock = new HandClock();
  async function openedHere(): Promise<void> {
    await moveOnAfter(100, async () => (clock.time += 350));
  }
  const [first] = await found(() => run(openedHere, { backend: { name: "by hand", clock } }));
  expect(first?.message).toMatch(/\n {4}opened at openedHere \(.*debug-overshot-deadlines\.test\.ts:/);
});

test("not named: in time; cut; failed; cancelled otherwise; within the tolerance; with a wait past the deadline, in a shield", async () => {
  const lines = await overshot(async (clock) => {
    await moveOnAfter(100, async () => (clock.time += 50));
    await moveOnAfter(100, async () => {
      clock.time += 200;
      await checkpoint();
    });
    await errorOf(
      moveOnAfter(100, async () => {
        clock.time += 200;
        throw new Error("late and broken");
      }),
    );
    await moveOnAfter(100, async (scope) => {
      scope.cancel();
      clock.time += 200;
    });
    await moveOnAfter(100, async () => (clock.time += 109));
    await moveOnAfter(100, () =>
      shield(async () => {
        clock.time += 200;
        await checkpoint();
      }),
    );
    await new CancelScope().run(async () => (clock.time += 1e6));
    await sleep(0);
  });
  expect(lines).toEqual([]);
});
