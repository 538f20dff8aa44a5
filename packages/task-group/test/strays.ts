// What the tests of strayed cancellations share (T18): the Cancelled of a task that is called the culprit.
import { isError, sleepForever } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";

/** A promise that a task called the culprit has begun, and that failed with that task's Cancelled. */
export async function shared(): Promise<Promise<never>[]> {
  let promise: Promise<never> | undefined;
  await taskGroup((group) => {
    group.spawn(() => (promise = sleepForever()), { name: "culprit" }).cancel();
  });
  // In a list: an async function that returns a promise would wait for it.
  return [promise as Promise<never>];
}

/** The Cancelled of a task called the culprit. */
export async function stray(): Promise<unknown> {
  const [promise] = await shared();
  return errorOf(promise as Promise<never>);
}

/** Checks that an error is what T18 makes of `cause`. */
export function expectStray(
  error: unknown,
  what: string,
  cause: unknown,
  whose = ", of a scope of task 'culprit'",
): void {
  expect(isError(error, "TaskCancelled") && error.message).toBe(
    `Cannot finish ${what}: it failed with a cancellation that did not reach it${whose}`,
  );
  expect((error as Error).cause).toBe(cause);
}
