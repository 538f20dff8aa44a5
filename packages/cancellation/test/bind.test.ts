import { checkpoint, currentTask, sleepForever } from "@arborio/core";
import { bind, CancelScope, moveOnAfter, snapshot, unscoped } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere(
  "a bound function runs in the scope in which it was bound, from wherever it is called",
  async () => {
    const scope = new CancelScope();
    let wait: (() => Promise<unknown>) | undefined;
    await scope.run(async () => {
      wait = bind(() => errorOf(sleepForever()));
      scope.cancel("enough");
      const error = await unscoped(() => wait?.());
      expect(error).toBe(scope.signal.reason);
    });
  },
);

everywhere("it keeps parameters, this, result and errors", () => {
  const adder = {
    base: 1,
    add: bind(function (this: { base: number }, a: number, b: string) {
      return `${String(this.base + a)}${b}`;
    }),
  };
  const sum: string = adder.add(1, "!");
  expect(sum).toBe("2!");
  const failure = new Error("no");
  const fails = bind(() => {
    throw failure;
  });
  expect(thrownBy(fails)).toBe(failure);
});

everywhere("snapshot runs any function there, with its arguments", async () => {
  await taskGroup(async (group) => {
    const inTask = group.spawn(() => snapshot(), { name: "bound" });
    const run = await inTask.result();
    // C20: the task has ended; its nearest live ancestor is the group's scope.
    const name: string | undefined = run((suffix: string) => (currentTask()?.name ?? "") + suffix, "!");
    expect(name).not.toBe("bound!");
    expect(name).toBe(`${currentTask()?.name ?? ""}!`);
  });
});

everywhere("C20: when its scope has ended it runs in the nearest live ancestor", async () => {
  const outer = new CancelScope();
  await outer.run(async () => {
    const wait = await moveOnAfter(1_000, () => bind(() => errorOf(checkpoint())));
    outer.cancel("outer");
    const error = await unscoped(() => wait?.());
    expect(error).toBe(outer.signal.reason);
  });
});

everywhere("bound outside any scope it runs outside any", async () => {
  const bound = unscoped(() => bind(() => currentTask()));
  await moveOnAfter(1_000, () => expect(bound()).toBe(undefined));
});

everywhere("a callback of an emitter, bound, waits in the scope that registered it", async () => {
  const listeners: (() => Promise<void>)[] = [];
  let cut = false;
  await taskGroup(async (group) => {
    group.spawn(() => {
      listeners.push(bind(() => sleepForever().finally(() => (cut = true))));
    });
    await checkpoint();
    await checkpoint();
    await checkpoint();
    const emitted = unscoped(() => Promise.allSettled(listeners.map((listener) => listener())));
    group.cancel();
    await emitted;
  });
  expect(cut).toBe(true);
});

everywhere("bind takes a function: else a TypeError that says what to write", () => {
  expect(String(thrownBy(() => bind(Promise.resolve() as never)))).toContain("write () => work()");
});
