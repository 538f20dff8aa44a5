import { run, sleep, sleepForever, type TaskInfo } from "@arborio/core";
import { addInstrument, type Instrument, type WaitEndEvent, type WaitEvent } from "@arborio/core/debug";
import { suspend } from "@arborio/core/lowlevel";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import { afterEach, describe, expect, test, vi } from "vitest";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { scribe, told } from "./telling.ts";

afterEach(() => vi.restoreAllMocks());

async function main(): Promise<void> {
  await taskGroup(
    (group) => {
      group.spawn(() => sleep(10), { name: "a" });
      group.spawn(() => sleep(5).then(() => Promise.reject(new Error("broken"))), { name: "b" });
    },
    { name: "work" },
  ).catch(() => {});
  await moveOnAfter(20, () => sleepForever());
}

describe("what is told, in its order", () => {
  test("of tasks, waits, cancellations and deadlines", async () => {
    expect(await told(() => simulate(main))).toEqual([
      "main spawned under none",
      "a spawned under main",
      "b spawned under main",
      "main waits #1 for the tasks of task group 'work' to end in a shield",
      "a waits #2 for a sleep to end",
      "b waits #3 for a sleep to end",
      "b goes on #3 with value",
      "b failed",
      "task group 'work' #1 of main cancelled: sibling, Error: broken, b",
      "a goes on #2 with cancelled: AbortError: Cancelled by sibling of task 'b': broken",
      "a cancelled",
      "main goes on #1 with value",
      "main waits #4 for ever",
      "deadline of a cancel scope #2 of main at 25, seen at 25",
      "a cancel scope #2 of main cancelled: deadline, undefined, undefined",
      "main goes on #4 with cancelled: AbortError: Cancelled by deadline",
      "main finished",
    ]);
  });

  test("of a scope cancelled before it is entered: at its entry; and of a wait in it, which begins and ends at once", async () => {
    const lines = await told(() =>
      simulate(async function main() {
        const scope = new CancelScope();
        scope.cancel("too early");
        await scope.run(() => sleep(5));
      }),
    );
    expect(lines).toEqual([
      "main spawned under none",
      "a cancel scope #1 of main cancelled: cancel, too early, main",
      "main waits #1 for a sleep to end",
      "main goes on #1 with cancelled: AbortError: Cancelled by cancel of task 'main': too early",
      "main finished",
    ]);
  });

  test("of a wait that fails, and of one that a foreign signal ends: errors", async () => {
    const lines = await told(() =>
      simulate(async function main() {
        await errorOf(suspend((waiter) => void waiter.fail(new Error("no bus")), { waitingFor: "a bus" }));
        await errorOf(sleepForever({ signal: AbortSignal.abort("no time") }));
      }),
    );
    expect(lines).toEqual([
      "main spawned under none",
      "main waits #1 for a bus",
      "main goes on #1 with error: Error: no bus",
      "main waits #2 for ever",
      'main goes on #2 with error: "no time"',
      "main finished",
    ]);
  });

  test("of a task cancelled by its handle: its own scope", async () => {
    const lines = await told(() =>
      simulate(async function main() {
        await taskGroup((group) => group.spawn(() => sleepForever(), { name: "a" }).cancel("enough"));
      }),
    );
    expect(lines).toContain("task 'a' #1 of a cancelled: cancel, enough, main");
  });

  test("a scope that is cancelled twice, or after it was left, is told once, or not", async () => {
    const lines = await told(() =>
      simulate(async () => {
        const scope = new CancelScope();
        await scope.run(async () => {
          scope.cancel();
          scope.cancel();
        });
        const later = new CancelScope();
        await later.run(async () => {});
        later.cancel();
      }),
    );
    expect(lines.filter((line) => line.includes("cancelled"))).toEqual([
      "a cancel scope #1 of main cancelled: cancel, undefined, main",
    ]);
  });

  test("outside any task: no task", async () => {
    const lines = await told(() => sleep(1));
    expect(lines).toEqual(["none waits #1 for a sleep to end", "none goes on #1 with value"]);
  });

  test("the first turn of a task is no wait, wherever it runs", async () => {
    const lines = await told(() => run(async function main() {}));
    expect(lines).toEqual(["main spawned under none", "main finished"]);
  });
});

test("a task is the same TaskInfo in all that is told of it, with its parent and its own number", async () => {
  const tasks: (TaskInfo | undefined)[] = [];
  const note = ({ task }: { task: TaskInfo | undefined }): void => void tasks.push(task);
  const remove = addInstrument({ taskSpawned: note, waitBegun: note, waitEnded: note, taskExited: note });
  await simulate(() => sleep(1));
  remove();
  expect(tasks.length).toBe(4);
  expect(new Set(tasks).size).toBe(1);
});

test("a wait has one number from its begin to its end, and the time of its root's clock", async () => {
  const begun: WaitEvent[] = [];
  const ended: WaitEndEvent[] = [];
  const remove = addInstrument({
    waitBegun: (event) => void begun.push(event),
    waitEnded: (event) => void ended.push(event),
  });
  await simulate(() => Promise.all([sleep(10), shield(() => sleep(20))]));
  remove();
  const numbers = begun.map(({ waitId }) => waitId);
  expect(new Set(numbers).size).toBe(2);
  expect(ended.map(({ waitId }) => waitId)).toEqual(numbers);
  expect(ended.map(({ time }) => time)).toEqual([10, 20]);
});

test("what is told is plain data: no machine can be reached by its own fields", async () => {
  const fields = new Set<string>();
  const note = (event: object): void => Object.keys(event).forEach((key) => fields.add(key));
  const remove = addInstrument({
    taskSpawned: note,
    taskExited: note,
    waitBegun: note,
    waitEnded: note,
    deadlinePassed: note,
    scopeCancelled: note,
  });
  await simulate(main);
  remove();
  expect([...fields].sort()).toEqual(
    "by deadline error outcome reason scope scopeId shielded source task time waitId waitingFor".split(" "),
  );
});

describe("adding and removing", () => {
  test("several are told, in the order in which they were added, each until it is removed", async () => {
    const order: string[] = [];
    const add = (name: string): (() => void) => addInstrument({ taskSpawned: () => order.push(name) });
    const removeFirst = add("first");
    const removeSecond = add("second");
    await simulate(() => {});
    removeFirst();
    removeFirst();
    await simulate(() => {});
    removeSecond();
    await simulate(() => {});
    expect(order).toEqual(["first", "second", "second"]);
  });

  test("added and removed while tasks run: told of what happens from then on, until then", async () => {
    const lines: string[] = [];
    await simulate(async function main() {
      await taskGroup(async (group) => {
        group.spawn(() => sleep(10), { name: "a" });
        await sleep(5);
        const remove = addInstrument(scribe(lines));
        await sleep(6);
        remove();
        await sleep(1);
      });
    });
    expect(lines).toEqual([
      "main waits #1 for a sleep to end",
      // Its begin was not told, so its end is not.
      "a finished",
      "main goes on #1 with value",
    ]);
  });

  test("one that removes itself, or another, while it is told", async () => {
    const order: string[] = [];
    let removeSecond = (): void => {};
    const removeFirst = addInstrument({
      taskSpawned: () => {
        order.push("first");
        removeFirst();
        removeSecond();
      },
    });
    removeSecond = addInstrument({ taskSpawned: () => order.push("second") });
    const removeThird = addInstrument({ taskSpawned: () => order.push("third") });
    await simulate(() => {});
    removeThird();
    expect(order).toEqual(["first", "third"]);
  });

  test("an instrument's own methods keep their `this`", async () => {
    class Counter implements Instrument {
      spawned = 0;
      taskSpawned(): void {
        this.spawned++;
      }
    }
    const counter = new Counter();
    const remove = addInstrument(counter);
    await simulate(() => {});
    remove();
    expect(counter.spawned).toBe(1);
  });

  test("what is no object is a TypeError", () => {
    expect(thrownBy(() => addInstrument(null as never))).toEqual(
      new TypeError("Cannot add the instrument: it must be an object, received null"),
    );
  });
});

describe("one that throws", () => {
  test("is removed and reported by its name; the program and the others go on", async () => {
    const error = vi.spyOn(console, "error").mockImplementation(() => {});
    const failure = new Error("no ink");
    let calls = 0;
    addInstrument({
      name: "the pen",
      waitBegun: () => {
        calls++;
        throw failure;
      },
    });
    const lines = await told(() => simulate(main));
    expect(lines.at(-1)).toBe("main finished");
    expect(calls).toBe(1);
    expect(error.mock.calls).toEqual([
      ["arborio: the instrument 'the pen' threw, and was removed:", failure],
    ]);
  });

  test("wherever it throws, nothing of the program changes", async () => {
    vi.spyOn(console, "error").mockImplementation(() => {});
    const names = [
      "taskSpawned",
      "taskExited",
      "waitBegun",
      "waitEnded",
      "deadlinePassed",
      "scopeCancelled",
    ] as const;
    const plain = await told(() => simulate(main));
    for (const name of names) {
      addInstrument({
        [name]: () => {
          throw new Error(name);
        },
      });
      expect(await told(() => simulate(main))).toEqual(plain);
    }
    expect(console.error).toHaveBeenCalledTimes(names.length);
  });
});
