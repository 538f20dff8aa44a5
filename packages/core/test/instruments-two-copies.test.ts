// Two copies of core in one process: instruments of either are told of both, and debug mode of either looks at both.
import * as coreA from "@arborio/core";
import * as debugA from "@arborio/core/debug";
import * as cancellationA from "@arborio/cancellation";
import * as groupsA from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { expect, test, vi } from "vitest";
import { told } from "./telling.ts";

vi.resetModules();
const coreB = await import("@arborio/core");
const debugB = await import("@arborio/core/debug");
const cancellationB = await import("@arborio/cancellation");
const groupsB = await import("@arborio/task-group");

const a = { core: coreA, debug: debugA, scopes: cancellationA, groups: groupsA };
const b = { core: coreB, debug: debugB, scopes: cancellationB, groups: groupsB };
const copies = [
  { ...a, other: b },
  { ...b, other: a },
];

test("they are two", () => expect(debugA.addInstrument).not.toBe(debugB.addInstrument));

test("an instrument of one is told of the tasks, waits and scopes of the other", async () => {
  for (const { debug, other } of copies) {
    const { core, scopes, groups } = other;
    const lines = await told(
      () =>
        simulate(async function main() {
          await groups.taskGroup((group) => void group.spawn(() => core.sleep(5), { name: "a" }));
          await scopes.moveOnAfter(10, () => core.sleepForever());
        }),
      debug.addInstrument,
    );
    expect(lines).toEqual([
      "main spawned under none",
      "a spawned under main",
      "main waits #1 for the tasks of the task group to end in a shield",
      "a waits #2 for a sleep to end",
      "a goes on #2 with value",
      "a finished",
      "main goes on #1 with value",
      "main waits #3 for ever",
      "deadline of a cancel scope #1 of main at 15, seen at 15",
      "a cancel scope #1 of main cancelled: deadline, undefined, undefined",
      "main goes on #3 with cancelled: AbortError: Cancelled by deadline",
      "main finished",
    ]);
  }
});

test("instruments of both are told the same numbers, and each is removed by itself", async () => {
  const numbers: number[][] = [[], []];
  const removers = copies.map(({ debug }, index) =>
    debug.addInstrument({ waitBegun: ({ waitId }) => void numbers[index]?.push(waitId) }),
  );
  await coreA.sleep(1);
  removers[0]?.();
  await coreB.sleep(1);
  removers[1]?.();
  await coreA.sleep(1);
  expect([numbers[0]?.length, numbers[1]?.length]).toEqual([1, 2]);
  expect(numbers[1]?.slice(0, 1)).toEqual(numbers[0]);
});

test("debug mode of one finds what happens in the other, and knows where its tasks were spawned", async () => {
  for (const { debug, other } of copies) {
    const { core, scopes } = other;
    const reports: string[] = [];
    const stop = debug.startDebug({ report: ({ kind }) => void reports.push(kind) });
    let site: string | undefined;
    await core.run(async () => {
      site = core.currentTask()?.spawnedAt;
      let floating: Promise<void> | undefined;
      await scopes.moveOnAfter(1_000, async () => {
        floating = core.sleep(1).then(() => core.sleep(1));
      });
      await floating;
      expect(other.debug.rootTasks().length).toBe(1);
    });
    stop();
    expect(reports).toEqual(["wait-in-ended-scope"]);
    expect(site).toContain("instruments-two-copies.test.ts");
  }
});
