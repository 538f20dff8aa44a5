import { checkpoint, currentTask, sleep, sleepForever } from "@arborio/core";
import { currentRuntime } from "@arborio/core/lowlevel";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { inRoot } from "@arborio/testing";
import { expect, test } from "vitest";
import { unobserved } from "./unobserved.ts";
import { errorOf } from "./outcome.ts";

/** How the body of a test fails in a root; undefined if it passes. */
const faultOf = (body: () => unknown): Promise<string | undefined> =>
  unobserved(() =>
    inRoot(body)().then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    ),
  );

test("a body that leaves nothing passes; it runs in a root of its own, in a simulation", async () => {
  const seen: unknown[] = [];
  expect(await faultOf(() => void seen.push(currentTask()?.name, currentRuntime().backend?.name))).toBe(
    undefined,
  );
  expect(await faultOf(() => taskGroup((group) => void group.spawn(() => sleep(1e9))))).toBe(undefined);
  expect(seen).toEqual(["test", "simulation"]);
});

test("what the body throws comes first", async () => {
  const failure = new Error("no");
  const body = (): never => {
    void sleepForever();
    throw failure;
  };
  expect(await errorOf(inRoot(body)())).toBe(failure);
});

test("it fails on a task left behind", async () => {
  const body = (): Promise<void> => {
    void taskGroup((group) => void group.spawn(sleepForever, { name: "forgotten" }));
    return checkpoint();
  };
  expect(await faultOf(body)).toMatch(/left behind .*task 'forgotten'/);
});

test("it fails on an open scope, a wait and a timer left behind", async () => {
  expect(await faultOf(() => void new CancelScope().run(() => new Promise(() => undefined)))).toMatch(
    /an open scope/,
  );
  expect(await faultOf(() => void sleepForever())).toMatch(/a wait for ever/);
  expect(await faultOf(() => void sleep(1e6))).toMatch(/a wait for a sleep to end, 1 timers/);
});

test("what was left behind is cancelled", async () => {
  let error: unknown;
  await faultOf(() => void sleepForever().catch((reason: unknown) => (error = reason)));
  expect(error).toMatchObject({ source: "exit" });
});

test("it fails on a rejection that nobody handled, and says which", async () => {
  const fault = await faultOf(async () => {
    void Promise.reject(new Error("unseen"));
    await checkpoint();
  });
  expect(fault).toMatch(/1 rejections were not handled: Error: unseen/);
});

test("C4: real errors of floating promises are not silenced, beside a cancellation neither", async () => {
  const failure = new Error("real");
  const fails = (): Promise<never> => sleepForever().finally(() => Promise.reject(failure));
  const floating = [
    () => void new CancelScope().run(() => Promise.reject(failure)),
    () => void taskGroup((group) => void group.spawn(() => Promise.reject(failure))),
    () => void taskGroup((group) => void group.start(() => Promise.reject(failure))),
    // Both at once: the group throws the Cancelled of the scope around it and the real error.
    (scope: CancelScope) => {
      void taskGroup((group) => {
        group.spawn(sleepForever);
        group.spawn(fails);
      });
      void new CancelScope().run(() =>
        taskGroup((group) => void [sleepForever, fails].map((task) => group.spawn(task))),
      );
      return checkpoint()
        .then(() => checkpoint())
        .then(() => scope.cancel())
        .then(() => sleepForever());
    },
  ];
  for (const float of floating) {
    const fault = await faultOf(async () => {
      const scope = new CancelScope();
      await scope.run(() => float(scope));
      await sleep(1);
    });
    expect(fault).toMatch(/not handled: .*real/);
  }
});
