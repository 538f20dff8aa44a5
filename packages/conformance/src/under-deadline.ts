import { shield } from "@arborio/cancellation";

/** Registers a program that is run with its deadline passing at every look at the clock. */
export type LookTest = (title: string, program: () => Promise<void>) => void;

/** Does `act` under the deadline, and then, whatever became of it, `check`. */
export async function underDeadline(
  act: () => Promise<unknown>,
  check: (done: boolean) => Promise<void>,
): Promise<void> {
  let done = false;
  try {
    await act();
    done = true;
  } finally {
    await shield(() => check(done));
  }
}

/** What a promise rejects with; undefined if it resolves. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}
