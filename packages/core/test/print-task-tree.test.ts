import { formatTaskTree, printTaskTree, rootTask, run, sleep } from "@arborio/core";
import { printTaskTreeOn, rootTasks } from "@arborio/core/debug";
import { taskGroup } from "@arborio/task-group";
import { afterEach, expect, test, vi } from "vitest";
import { makeGate } from "../../testing/test/gate.ts";
import { found } from "./debugging.ts";

afterEach(() => vi.restoreAllMocks());

function printed(): string[] {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  printTaskTree();
  const lines = error.mock.calls.flatMap(([text]) => String(text).split("\n"));
  error.mockRestore();
  return lines;
}

test("the trees of all runs that are under way, each with its tasks", async () => {
  const gate = makeGate();
  const first = run(
    () =>
      taskGroup(
        (group) => {
          group.spawn(() => gate.promise, { name: "worker" });
        },
        { name: "work" },
      ),
    { name: "first" },
  );
  const second = run(
    async () => {
      await run(() => gate.promise, { name: "nested" });
    },
    { name: "second" },
  );
  await sleep(1);
  const foreign = "runs, or waits for a promise that is not the library's";
  expect(printed()).toEqual([
    "first (pending) waits for the tasks of task group 'work' to end",
    `└─ worker (pending) ${foreign}`,
    `second (pending) ${foreign}`,
    `nested (pending) ${foreign}`,
  ]);
  expect(rootTasks().map(({ name }) => name)).toEqual(["first", "second", "nested"]);
  gate.resolve();
  await Promise.all([first, second]);
});

test("a run that has ended, however it did, is not among them", async () => {
  await run(() => {});
  await run(() => Promise.reject(new Error("broken"))).catch(() => {});
  expect(printed()).toEqual(["no task is running"]);
});

test("in debug mode tasks of groups outside any run are, and all say where they were spawned", async () => {
  const gate = makeGate();
  await found(async () => {
    const bare = taskGroup((group) => void group.spawn(() => gate.promise, { name: "bare" }));
    await sleep(1);
    const [line] = printed();
    expect(line).toMatch(/^bare \(pending\) runs, .*, spawned at .*print-task-tree\.test\.ts:\d+:\d+\)?$/);
    expect(rootTasks()[0]?.spawnedAt).toMatch(/^.*print-task-tree\.test\.ts:\d+:\d+\)?(\n|$)/);
    gate.resolve();
    await bare;
    expect(rootTasks()).toEqual([]);
  });
});

test("spawnedAt is undefined without debug mode, and formatTaskTree does not speak of it", async () => {
  await run(() => {
    const root = rootTask();
    expect(root?.spawnedAt).toBe(undefined);
    expect(root && formatTaskTree(root)).not.toContain("spawned");
  });
});

test("printTaskTreeOn prints at each arrival of the signal, until its end is called", async () => {
  const error = vi.spyOn(console, "error").mockImplementation(() => {});
  const listeners = new Map<string, () => void>();
  const signals = {
    listen: (name: string, listener: () => void) => {
      listeners.set(name, listener);
      return () => void listeners.delete(name);
    },
  };
  const stop = printTaskTreeOn("SIGUSR2", { signals });
  listeners.get("SIGUSR2")?.();
  listeners.get("SIGUSR2")?.();
  stop();
  expect([error.mock.calls.length, listeners.size]).toEqual([2, 0]);
  expect(() => printTaskTreeOn("SIGUSR2", {})()).not.toThrow();
});
