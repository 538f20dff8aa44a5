import { sleep } from "@arborio/core";
import { startDebug, type DebugOptions } from "@arborio/core/debug";
import { moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { thrownBy } from "../../testing/test/outcome.ts";
import { found, titles } from "./debugging.ts";

afterEach(() => vi.restoreAllMocks());

/** Its scope has ended when it waits the second time. */
async function floats(): Promise<void> {
  let floating: Promise<void> | undefined;
  await moveOnAfter(100, async () => {
    floating = sleep(1).then(() => sleep(1));
  });
  await floating;
}

test("by default what is found goes to console.warn", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
  const stop = startDebug();
  await simulate(floats);
  stop();
  // On a loaded machine a step may have been slow as well.
  const waits = warn.mock.calls.filter(([text]) => String(text).includes("a wait for"));
  expect(waits.length).toBe(1);
  expect(waits[0]?.[0]).toMatch(/^arborio: a wait for a sleep to end begins in a cancel scope/);
});

test("each kind is reported once for each place, whichever run it comes from", async () => {
  const reports = await found(async () => {
    for (let count = 0; count < 5; count++) await simulate(floats);
    await simulate(async () => {
      let floating: Promise<void> | undefined;
      await moveOnAfter(100, async () => {
        floating = sleep(1).then(() => sleep(1));
      });
      await floating;
    });
  });
  expect(reports.map(({ kind }) => kind)).toEqual(["wait-in-ended-scope", "wait-in-ended-scope"]);
});

test("a report names the place, the task and where that was spawned", async () => {
  const [report] = await found(() =>
    simulate(() => taskGroup((group) => void group.spawn(floats, { name: "floater" }))),
  );
  expect(report?.task?.name).toBe("floater");
  const lines = report?.message.split("\n") ?? [];
  expect(lines[1]).toMatch(/^ {4}begun at .*debug-mode\.test\.ts:/);
  expect(lines.find((line) => line.includes("spawned"))).toMatch(
    /^ {4}task 'floater' was spawned at .*debug-mode\.test\.ts:/,
  );
  expect(lines.filter((line) => line.includes("/src/"))).toEqual([]);
});

test("it is on from the call until its end is called, as often as one likes", async () => {
  const first = await found(() => simulate(floats));
  await simulate(floats);
  const second = await found(() => simulate(floats));
  expect([first.length, second.length]).toEqual([1, 1]);
});

test("a report function that throws ends that look, and nothing else", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const stop = startDebug({
    report: () => {
      throw new Error("no paper");
    },
  });
  await simulate(floats);
  stop();
  expect(error.mock.calls.map(([message]) => message as string)).toEqual([
    "arborio: debug mode's look for waits in ended scopes threw, and was removed:",
  ]);
});

describe("bad options are errors at once", () => {
  const cases: [DebugOptions, Error][] = [
    [{ report: 1 as never }, new TypeError("Cannot start debug mode: it takes a function, received number")],
    [{ held: NaN }, new RangeError("Cannot start debug mode: held must be a number, received NaN")],
    [
      { ignored: "1" as never },
      new TypeError("Cannot start debug mode: ignored must be a number, received string"),
    ],
  ];
  test.each(cases)("%o", async (options, error) => {
    expect(thrownBy(() => startDebug(options))).toEqual(error);
    expect(titles(await found(() => simulate(() => sleep(1))))).toEqual([]);
  });
});
