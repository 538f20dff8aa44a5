import { isCancelled } from "arborio";

/** An operation found something wrong. */
export class Fault extends Error {
  override name = "Fault";
}

export function fault(message: string): never {
  throw new Fault(message);
}

export function check(right: boolean, message: string): asserts right {
  if (!right) fault(message);
}

export function checkEqual(got: unknown, right: unknown, what: string): void {
  if (!Object.is(got, right)) fault(`${what} is ${String(got)}, and should be ${String(right)}`);
}

/** What a call fails with, or gives; a cancellation goes on. */
export async function outcomeOf(call: () => PromiseLike<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    if (isCancelled(error)) throw error;
    return error;
  }
}
