import { checkpoint, run, sleep, sleepForever } from "@arborio/core";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import { CancelScope, moveOnAfter, shield, unscoped } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { afterEach, expect, test } from "vitest";
import { makeGate } from "../../testing/test/gate.ts";
import { found, titles } from "./debugging.ts";

afterEach(() => setAmbientSlot(undefined));

test("C20: a wait that begins in a scope that has ended is named, with the task that has it now", async () => {
  const reports = await found(() =>
    simulate(async function main() {
      const gate = makeGate();
      let floating: Promise<void> | undefined;
      await new CancelScope().run(async () => {
        floating = gate.promise.then(() => sleep(1));
      });
      gate.resolve();
      await floating;
    }),
  );
  expect(titles(reports)).toEqual([
    "wait-in-ended-scope: a wait for a sleep to end begins in a cancel scope of task 'main', which has ended: it belongs to task 'main' now, and ends only with it",
  ]);
});

test("C20: in a task that has ended: it and its parent are named", async () => {
  const reports = await found(() =>
    simulate(async function main() {
      const gate = makeGate();
      let floating: Promise<void> | undefined;
      await taskGroup((group) => {
        group.spawn(
          async () => {
            floating = gate.promise.then(() => sleep(1));
          },
          { name: "careless" },
        );
      });
      gate.resolve();
      await floating;
    }),
  );
  expect(titles(reports)).toEqual([
    "wait-in-ended-scope: a wait for a sleep to end begins in task 'careless', which has ended: it belongs to task 'main' now, and ends only with it",
  ]);
  expect(reports[0]?.task?.name).toBe("careless");
});

test("C20: after the run: it belongs to nothing", async () => {
  const gate = makeGate();
  const reports = await found(async () => {
    let floating: Promise<void> | undefined;
    await run(async function main() {
      floating = gate.promise.then(() => sleep(1));
    });
    gate.resolve();
    await floating;
  });
  expect(titles(reports)).toEqual([
    "wait-in-ended-scope: a wait for a sleep to end begins in task 'main', which has ended: it belongs to nothing now, and nothing ends it",
  ]);
});

test("C20: without an ambient slot, by the signal of a scope that has ended", async () => {
  setAmbientSlot(null);
  const reports = await found(async () => {
    const scope = new CancelScope();
    await scope.run(() => {});
    await sleep(1, { signal: scope.signal });
  });
  expect(reports.map(({ kind }) => kind)).toEqual(["wait-in-ended-scope"]);
});

test("a wait that began while its scope lived, and one that is under no scope on purpose, are not named", async () => {
  const reports = await found(() =>
    simulate(async function main() {
      let floating: Promise<void> | undefined;
      await moveOnAfter(1_000, async () => {
        floating = sleep(10);
        await unscoped(() => checkpoint());
        await shield(() => checkpoint());
      });
      await floating;
      await moveOnAfter(10, () => sleepForever());
      await sleep(1);
      await taskGroup((group) => void group.spawn(() => sleep(1)));
      await sleep(1);
    }),
  );
  expect(titles(reports)).toEqual([]);
});
