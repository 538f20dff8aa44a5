import { checkpoint, currentTask, currentTime, isError, run, sleep, sleepForever } from "@arborio/core";
import type { Backend, RootView } from "@arborio/core/backend";
import { currentRuntime, infoOf, deadlinesOf } from "@arborio/core/lowlevel";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { simulate, simulation } from "@arborio/testing";
import { expect, test } from "vitest";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const failure = new Error("no");

test("run gives main's value, and throws what it throws, as it is", async () => {
  expect(await run(() => 7)).toBe(7);
  expect(await run(async () => 8)).toBe(8);
  expect(await errorOf(run(() => Promise.reject(failure)))).toBe(failure);
  expect(
    await errorOf(
      run(() => {
        throw failure;
      }),
    ),
  ).toBe(failure);
  expect(thrownBy(() => run(undefined as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => run(() => 1, { signal: {} as never }))).toBeInstanceOf(TypeError);
});

test("T4: main does not run before run returns", async () => {
  let ran = false;
  const result = run(() => void (ran = true));
  expect(ran).toBe(false);
  await result;
});

test("T8: the root task's name: given, else the function's", async () => {
  expect(await run((root) => [root.name, currentTask()?.name], { name: "given" })).toEqual([
    "given",
    "given",
  ]);
  expect(
    await run(function program(root) {
      return root.name;
    }),
  ).toBe("program");
  expect(await run(() => currentTask()?.parent)).toBe(undefined);
});

test("C17: an abort of signal cancels the root; the run rejects with its reason if that cut it", async () => {
  for (const backend of [undefined, simulation()]) {
    const controller = new AbortController();
    let cleaned = false;
    const main = (): Promise<void> =>
      taskGroup((group) => {
        group.spawn(() => sleepForever().finally(() => (cleaned = true)));
        group.spawn(() => checkpoint().then(() => controller.abort(failure)));
      });
    expect(await errorOf(run(main, { signal: controller.signal, backend }))).toBe(failure);
    expect(cleaned).toBe(true);
  }
});

test("C17: one that aborted before cuts it at its first checkpoint; a main that ends before has its value", async () => {
  const signal = AbortSignal.abort(failure);
  const reached: string[] = [];
  const result = run(
    async () => {
      reached.push("begun");
      await checkpoint();
      reached.push("never");
    },
    { signal },
  );
  expect([await errorOf(result), reached]).toEqual([failure, ["begun"]]);
  expect(await run(() => "value", { signal })).toBe("value");
});

test("the root's signal aborts with it", async () => {
  const controller = new AbortController();
  const result = run(
    async (root) => {
      controller.abort(failure);
      return [root.signal.aborted, isError(root.signal.reason, "Cancelled")];
    },
    { signal: controller.signal },
  );
  expect(await result).toEqual([true, true]);
});

test("F4: runs may nest: each is a root with its own backend and its own time", async () => {
  const seen = await simulate(async () => {
    await sleep(1_000);
    const inner = await run(
      async () => {
        await sleep(5);
        return [currentTime(), currentTask()?.parent];
      },
      { backend: simulation() },
    );
    return [...inner, currentTime()];
  });
  expect(seen).toEqual([5, undefined, 1_000]);
});

test("F4: a nested root is not in the scope around it, unless that's signal is given to it", async () => {
  await run(() =>
    new CancelScope().run(async (scope) => {
      scope.cancel();
      expect(await run(() => checkpoint().then(() => "apart"))).toBe("apart");
      expect(await errorOf(run(checkpoint, { signal: scope.signal }))).toBe(scope.signal.reason);
    }),
  );
});

test("F4: runs may be concurrent, and roots on the same clock share its one heap", async () => {
  const [one, other] = await Promise.all([1, 2].map(() => run(() => currentRuntime())));
  expect(one).not.toBe(other);
  expect(one && deadlinesOf(one)).toBe(other && deadlinesOf(other));
  const apart = await Promise.all(
    [1, 2].map(() => run(() => deadlinesOf(currentRuntime()), { backend: simulation() })),
  );
  expect(apart[0]).not.toBe(apart[1]);
});

test("F4: outside any run scopes, groups, sleeps and timeouts work; a scope there is a root of its own", async () => {
  const ended: string[] = [];
  const value = await taskGroup(async (group) => {
    group.spawn(() => sleep(1).then(() => ended.push("child")));
    await moveOnAfter(1, sleepForever);
    return currentTask();
  });
  expect([value, ended]).toEqual([undefined, ["child"]]);
  await checkpoint();
});

/** A backend that counts who attached. */
function attaching(): Backend & { readonly log: string[]; root: RootView | undefined } {
  const backend = {
    name: "attaching",
    log: [] as string[],
    root: undefined as RootView | undefined,
    attach(root: RootView) {
      backend.root = root;
      backend.log.push(`attached ${root.name}`);
      return () => void backend.log.push(`detached ${root.name}`);
    },
  };
  return backend;
}

test("F5: a backend is attached when a root begins, and detached once it has ended, however", async () => {
  const backend = attaching();
  await run(() => void backend.log.push("ran"), { backend, name: "a" });
  await errorOf(run(() => Promise.reject(failure), { backend, name: "b" }));
  await errorOf(run(sleepForever, { backend, name: "c", signal: AbortSignal.abort() }));
  const others = ["b", "c"].flatMap((name) => [`attached ${name}`, `detached ${name}`]);
  expect(backend.log).toEqual(["attached a", "ran", "detached a", ...others]);
});

test("a backend sees the root's tasks, and can end it: its tasks are cancelled, then the run rejects", async () => {
  const backend = attaching();
  let cleaned = false;
  const result = errorOf(
    run(
      () =>
        taskGroup(
          (group) =>
            void group.spawn(() => sleepForever().finally(() => (cleaned = true)), { name: "child" }),
        ),
      { backend },
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(infoOf(backend.root as RootView).children.map(({ name }) => name)).toEqual(["child"]);
  backend.root?.fail(failure);
  expect([await result, cleaned]).toEqual([failure, true]);
});

test("a second fail does not wait for them; the first error stands, and the backend is detached once", async () => {
  const backend = attaching();
  const gate = makeGate();
  const result = errorOf(run(() => gate.promise, { backend, name: "stuck" }));
  await new Promise((resolve) => setTimeout(resolve, 5));
  backend.root?.fail(failure);
  backend.root?.fail(new Error("second"));
  expect(await result).toBe(failure);
  gate.resolve();
  await new Promise((resolve) => setTimeout(resolve, 5));
  expect(backend.log).toEqual(["attached stuck", "detached stuck"]);
});
