// What the tests of the policies share: functions that end at a given time, with clean-up that can be seen, or fails.
import { sleep, sleepForever, TaskGroupError } from "@arborio/core";
import { shield } from "@arborio/cancellation";
import { expect } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";

/** A function that gives `value` after `ms`. */
export const after =
  <T>(ms: number, value: T) =>
  async (): Promise<T> => {
    await sleep(ms);
    return value;
  };

/** A function that throws `error` after `ms`. */
export const failing = (ms: number, error: unknown) => async (): Promise<never> => {
  await sleep(ms);
  throw error;
};

/** A function that sleeps until it is cancelled, then cleans up for 5 ms and notes it in `log`. */
export const slow =
  (log: string[], name = "cleaned") =>
  async (): Promise<never> => {
    try {
      return await sleepForever();
    } finally {
      await shield(() => sleep(5));
      log.push(name);
    }
  };

/** A function that sleeps until it is cancelled, and then throws `error`. */
export const stubborn = (error: unknown) => async (): Promise<never> => {
  try {
    return await sleepForever();
  } catch {
    throw error;
  }
};

/** The TaskGroupError that a promise rejects with. */
export async function groupErrorOf(promise: PromiseLike<unknown>): Promise<TaskGroupError> {
  const error = await errorOf(promise);
  expect(error).toBeInstanceOf(TaskGroupError);
  return error as TaskGroupError;
}
