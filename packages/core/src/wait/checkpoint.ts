import { bareRuntime } from "../run/runtime.ts";
import { cancellation, currentRuntime, currentScope, scopeOfSignal } from "../scope/current.ts";
import { slot } from "../slot.ts";
import { handled } from "./handled.ts";
import { resolved } from "./resolved.ts";
import { park, suspend, type WaitOptions } from "./suspend.ts";

/**
 * Lets others run, and stops here if the current scope is cancelled (C2, C3).
 *
 * Where the scheduler takes turns, as in the simulation, it yields one and then looks; elsewhere it looks, and yields to
 * timers and sockets once the event loop has been held for some ms (F1).
 *
 * @throws Cancelled in a cancelled scope
 */
export function checkpoint(options?: WaitOptions): Promise<void> {
  if (options?.signal === undefined) {
    // What most checkpoints are: one look at the slot, one field of the scope.
    const here = currentScope();
    const runtime = here?.runtime ?? bareRuntime();
    if (!runtime.mustYield())
      return cancellation(here) === undefined ? resolved() : park();
  } else if (!currentRuntime(options.signal).mustYield()) return checkpointIfCancelled(options);
  const look = (): Promise<void> => checkpointIfCancelled(options);
  // A slot that ends with the turn is carried over it by hand.
  const { ambient, get, run } = slot();
  const scope = ambient ? undefined : get();
  return handled(yieldTurn(options).then(scope === undefined ? look : () => run(scope, look, undefined)));
}

/** Stops here if the current scope is cancelled; otherwise does not yield. */
export function checkpointIfCancelled(options?: WaitOptions): Promise<void> {
  return cancelledNow(options) ? park(options) : resolved();
}

/** Lets others run, and never throws: the cancellation is seen at the next checkpoint. */
export function cancelShieldedCheckpoint(): Promise<void> {
  return currentRuntime().mustYield() ? yieldTurn() : resolved();
}

/** Whether a wait with these options would throw at once. */
export function cancelledNow(options?: WaitOptions): boolean {
  if (cancellation(currentScope()) !== undefined) return true;
  const signal = options?.signal;
  if (signal === undefined) return false;
  const given = scopeOfSignal(signal);
  return given === undefined ? signal.aborted : cancellation(given) !== undefined;
}

/** Yields one turn; no cancellation point. */
export function yieldTurn(options?: WaitOptions): Promise<void> {
  return suspend<void>((waiter) => void waiter.resume(), {
    signal: options?.signal,
    shielded: true,
    waitingFor: "its turn",
  });
}
