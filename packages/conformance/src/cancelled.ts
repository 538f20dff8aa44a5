import { CancelScope } from "@arborio/cancellation";
import { equal } from "./assert.ts";

/** What an operation throws that is called in a scope cancelled before. */
export async function inCancelledScope(operation: () => Promise<unknown>): Promise<unknown> {
  const scope = new CancelScope();
  let outcome: unknown = "nothing";
  await scope.run(async () => {
    scope.cancel();
    await operation().catch((error: unknown) => (outcome = error));
  });
  return outcome;
}

/** Calls an operation, and cancels it once it waits. */
export async function cancelWaiting(operation: () => Promise<unknown>): Promise<void> {
  const scope = new CancelScope();
  const waiting = scope.run(operation);
  scope.cancel();
  await waiting;
  equal(scope.cancelledCaught, true, "cancelledCaught");
}

/** Calls an operation that succeeds at once, and cancels it before its value is delivered; gives that, and whether it was cancelled. */
export async function cancelAtSuccess<T>(operation: () => Promise<T>): Promise<[T | undefined, boolean]> {
  const scope = new CancelScope();
  const succeeding = scope.run(operation);
  scope.cancel();
  return [await succeeding, scope.cancelCalled];
}
