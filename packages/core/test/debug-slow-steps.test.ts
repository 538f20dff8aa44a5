import { run, sleep } from "@arborio/core";
import type { DebugReport } from "@arborio/core/debug";
import { taskGroup } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { found, hold } from "./debugging.ts";

// By the real clock: what is held is far above the limit, and what is not named does nothing at all.
const HELD = 100;

async function slow(fn: () => unknown): Promise<DebugReport[]> {
  // The first stack taken is slow, where it is mapped to sources.
  await found(() => run(() => sleep(1)));
  return found(fn, { held: HELD });
}

const names = (reports: readonly DebugReport[]): (string | undefined)[] =>
  reports.map(({ kind, task }) => (kind === "event-loop-held" ? task?.name : kind));

/** One macrotask later: what was measured has been reported. */
const macrotask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

for (const [where, root] of [
  ["in the simulation", simulate],
  ["on the real clock", run],
] as const) {
  test(`a task that holds the loop after a wake-up is named, up to its next wait (${where})`, async () => {
    const reports = await slow(() =>
      root(() =>
        taskGroup((group) => {
          for (const name of ["a", "b", "c"])
            group.spawn(
              async () => {
                await sleep(1);
                if (name === "b") hold(2 * HELD);
                await sleep(1);
              },
              { name },
            );
        }),
      ),
    );
    expect(names(reports)).toEqual(["b"]);
    expect(reports[0]?.message).toMatch(/^task 'b' held the event loop for \d+ ms: /);
    expect(reports[0]?.message).toMatch(/\n {4}task 'b' was spawned at .*debug-slow-steps\.test\.ts:/);
  });

  test(`one that does so in its first turn, up to its end (${where})`, async () => {
    const reports = await slow(() =>
      root(() =>
        taskGroup((group) => {
          group.spawn(async () => hold(2 * HELD), { name: "first" });
        }),
      ),
    );
    expect(names(reports)).toEqual(["first"]);
  });

  test(`one that waits for a foreign promise then, up to the next macrotask (${where})`, async () => {
    const reports = await slow(() =>
      root(async function main() {
        await sleep(1);
        hold(2 * HELD);
        await macrotask();
        await macrotask();
      }),
    );
    expect(names(reports)).toEqual(["main"]);
  });
}

test("quick steps, many of them, and time that passes while all wait, are not", async () => {
  const reports = await slow(() =>
    run(() =>
      taskGroup((group) => {
        for (let count = 0; count < 20; count++)
          group.spawn(async () => {
            for (let left = 5; left > 0; left--) await sleep(2);
            await sleep(2 * HELD);
          });
      }),
    ),
  );
  expect(names(reports)).toEqual([]);
});
