import { isError } from "@arborio/core";

/** What a promise rejects with; that it does not is an error. */
export async function errorOf(promise: PromiseLike<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`Cannot take the error: there is none, received ${String(value)}`);
}

/** What a call throws before it returns. */
export function thrownBy(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new Error("Cannot take the error: nothing was thrown");
}

/** The errors of the TaskGroupError that a promise rejects with. */
export async function errorsOf(promise: PromiseLike<unknown>): Promise<unknown[]> {
  const error = await errorOf(promise);
  if (isError(error, "TaskGroupError")) return error.errors as unknown[];
  throw new Error("Cannot take the errors: what was thrown is no TaskGroupError", { cause: error });
}
