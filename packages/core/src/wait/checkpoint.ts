import { cancellation, currentRuntime, currentScope, scopeOfSignal } from "../scope/current.ts";
import type { ScopeNode } from "../scope/node.ts";
import { runUnder } from "../slot.ts";
import { begin } from "./begin.ts";
import { afterWait } from "./handled.ts";
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
  // What most checkpoints are: one look at the slot, one field of the scope.
  return goesOn(options) ? resolved() : yieldFirst(resolved, options);
}

/** Whether what need not wait may go on at once: no turn is to be yielded, and nothing is cancelled. */
export function goesOn(options?: WaitOptions, here: ScopeNode | undefined = currentScope()): boolean {
  // What nearly all are, apart: it is worth a tenth of a checkpoint.
  if (options === undefined && here !== undefined)
    return !here.runtime.mustYield() && cancellation(here) === undefined;
  return !currentRuntime(options?.signal, here).mustYield() && !cancelledNow(options, here);
}

/**
 * For functions that yield first, then look and act (C3). Where no turn is to be yielded `act` is called at once; else in the
 * next turn, in the caller's scope. Not in a scope that is cancelled then. What it throws comes as a rejection.
 */
export function yieldFirst<T>(act: () => T | Promise<T>, options?: WaitOptions): Promise<T> {
  const here = currentScope();
  if (!currentRuntime(options?.signal, here).mustYield()) return look(act, options, here);
  // A slot that ends with the turn is carried over it by hand.
  return afterWait(yieldTurn(options).then(() => runUnder(here, () => look(act, options))));
}

/** Stops here if the current scope is cancelled; otherwise does not yield. */
export function checkpointIfCancelled(options?: WaitOptions): Promise<void> {
  return look(resolved, options);
}

/** Lets others run, and never throws: the cancellation is seen at the next checkpoint. */
export function cancelShieldedCheckpoint(): Promise<void> {
  return currentRuntime().mustYield() ? yieldTurn() : resolved();
}

/** Whether a wait with these options would throw at once. */
export function cancelledNow(options?: WaitOptions, here: ScopeNode | undefined = currentScope()): boolean {
  const signal = options?.signal;
  const given = scopeOfSignal(signal);
  const cancelled = cancellation(here) ?? cancellation(given);
  return cancelled !== undefined || (given === undefined && signal?.aborted === true);
}

function look<T>(act: () => T | Promise<T>, options: WaitOptions | undefined, here?: ScopeNode): Promise<T> {
  return cancelledNow(options, here) ? park(options) : begin(act, undefined);
}

/** Yields one turn; no cancellation point. */
export function yieldTurn(options?: WaitOptions): Promise<void> {
  return suspend<void>((waiter) => void waiter.resume(), {
    signal: options?.signal,
    shielded: true,
    waitingFor: "its turn",
  });
}
