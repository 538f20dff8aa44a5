import { cell } from "../cell.ts";
import { oneLine } from "../errors/one-line.ts";
import { cancellation, scopeOfSignal, tieTo } from "../scope/current.ts";
import { live } from "../scope/live.ts";
import type { ScopeNode } from "../scope/node.ts";
import { inSlot, slot } from "../slot.ts";
import { WaitRecord, type Undo, type Waiter } from "./waiter.ts";

/** What every function that may wait takes as its last argument. */
export interface WaitOptions {
  /**
   * Ends the wait too. The signal of a scope of ours joins that scope (needed where there is no ambient context, as in
   * browsers after the first `await`); an abort of any other rejects with its `reason`, untouched (C17).
   */
  readonly signal?: AbortSignal | undefined;
}

/** For authors of primitives. */
export interface SuspendOptions extends WaitOptions {
  /** What is waited for, in words, as `a permit of the semaphore`; the task tree and reports of deadlocks show it. */
  readonly waitingFor?: string | undefined;
  /** No cancellation ends the wait. */
  readonly shielded?: boolean | undefined;
  /** Whose wait it is where there is no ambient context and no signal. */
  readonly within?: ScopeNode | undefined;
}

/**
 * The one way to wait. `arm` places the waiter where something will `resume` or `fail` it, and says how to take it back;
 * a waiter in a {@link WaitQueue} takes itself back.
 *
 * **Cancellation** In a cancelled scope `arm` is not called and the wait throws Cancelled. Later, the waiter is taken out
 * of its queue first, the wait settled, and what `arm` returned called. What was handed over before is delivered (C5).
 *
 * **Fairness** Wake-ups are delivered in the order in which they were decided.
 *
 * @param here the scope of the calling code, for who has just looked it up
 */
export function suspend<T>(
  arm: (waiter: Waiter<T>) => Undo | void,
  options: SuspendOptions = {},
  here: ScopeNode | undefined = inSlot(),
): Promise<T> {
  const { signal, shielded = false, waitingFor = "something", within } = options;
  const given = scopeOfSignal(signal);
  const scope = live(here) ?? given ?? within;
  if (scope === undefined && signal === undefined && !shielded) warnWithoutSlot(waitingFor);
  const waiter = new WaitRecord<T>(scope, shielded, waitingFor);
  cell().tell?.("begun", waiter, signal);
  const cancelled = shielded ? undefined : (cancellation(scope) ?? cancellation(given));
  if (cancelled !== undefined) waiter.cancel(cancelled);
  else {
    if (scope !== undefined) waiter.linkTo(scope);
    if (!shielded) tieTo(waiter, signal, scope);
    if (!waiter.settled) place(waiter, arm);
  }
  return waiter.promise;
}

function place<T>(waiter: WaitRecord<T>, arm: (waiter: Waiter<T>) => Undo | void): void {
  try {
    const undo = arm(waiter);
    if (undo !== undefined) waiter.armed(undo);
  } catch (error) {
    waiter.fail(error);
  }
}

/** A wait that nothing ends but cancellation. */
export function park(options?: SuspendOptions): Promise<never> {
  return suspend<never>(noArm, options);
}

const noArm = (): void => {};

// Without an ambient slot a wait after an `await` cannot know its scope: said once, for it will not be cancelled with it.
function warnWithoutSlot(waitingFor: string): void {
  const shared = cell();
  if (shared.warned || shared.openScopes === 0 || slot().synchronous !== true) return;
  shared.warned = true;
  console.warn(
    `arborio: the wait for ${oneLine(waitingFor)} belongs to no scope; after an await, pass { signal: scope.signal }`,
  );
}
