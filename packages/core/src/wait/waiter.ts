import { cell } from "../cell.ts";
import type { WakeUp } from "../contract/scheduler.ts";
import { isCancelledLeaf } from "../errors/is.ts";
import type { Runtime } from "../run/runtime.ts";
import type { ScopeNode } from "../scope/node.ts";
import type { Task } from "../task/task.ts";
import { Linked, List } from "../list.ts";
import { handled } from "./handled.ts";

/** Takes back what was armed; called at most once, and only if the wait ends by cancellation. */
export type Undo = () => void;

/** One wait, as authors of primitives see it. It is settled once. */
export interface Waiter<T> {
  /** Whose wait it is, if a task's. */
  readonly task: { readonly name: string } | undefined;
  readonly settled: boolean;
  /** Ends the wait with a value, the waiter's from now on. False if it had ended: the value is still the caller's. */
  resume(value: T): boolean;
  /** Ends the wait with an error. False if it had ended. */
  fail(error: unknown): boolean;
}

/**
 * The machine of one wait.
 *
 * `resume`, `fail` and `cancel` settle and unlink at once; delivery, that the promise settles, comes later through the
 * scheduler. So what is handed over belongs to the waiter from the call on, and no wake-up can be lost (C5).
 */
export class WaitRecord<T> extends Linked implements WakeUp, Waiter<T> {
  readonly promise: Promise<T>;
  readonly runtime: Runtime;
  readonly task: Task | undefined;
  /** No cancellation ends it. */
  readonly shielded: boolean;
  /** What it waits for, in words, for the task tree. */
  readonly waitingFor: string;
  /** Where it stands in a queue. */
  place: Linked | undefined;
  /** Takes back the listener on a foreign signal. */
  unlisten: Undo | undefined;

  #undo: Undo | undefined;
  #cancelled = false;
  /** How it was settled, and with what. */
  #settler: ((outcome: unknown) => void) | undefined;
  #outcome: unknown;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  constructor(runtime: Runtime, task: Task | undefined, shielded: boolean, waitingFor: string) {
    super();
    this.runtime = runtime;
    this.task = task;
    this.shielded = shielded;
    this.waitingFor = waitingFor;
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve as (value: unknown) => void;
      this.#reject = reject;
    });
  }

  /** Links it to the scope it waits in; once more, to the one that takes over, or to none. */
  linkTo(scope: ScopeNode | undefined): void {
    this.unlink();
    if (scope !== undefined) (scope.waits ??= new List()).add(this);
  }

  get settled(): boolean {
    return this.#settler !== undefined;
  }

  resume(value: T): boolean {
    return this.#settle(this.#resolve, value);
  }

  fail(error: unknown): boolean {
    return this.#settle(this.#reject, error);
  }

  /** How to take it back. If what armed it also had it cancelled, that is now. */
  armed(undo: Undo): void {
    if (!this.settled) this.#undo = undo;
    else if (this.#cancelled) takeBack(undo);
  }

  /** Ends it with `error`, and takes it back. False if it had ended. */
  cancel(error: unknown): boolean {
    const undo = this.#undo;
    if (!this.#settle(this.#reject, error)) return false;
    this.#cancelled = true;
    takeBack(undo);
    return true;
  }

  deliver(): void {
    const settler = this.#settler;
    const outcome = this.#outcome;
    this.runtime.undelivered--;
    // A floating wait that is cancelled must not become an unhandled rejection; whoever awaits it still sees the error.
    const failed = settler === this.#reject;
    if (failed && isCancelledLeaf(outcome)) void handled(this.promise);
    settler?.(outcome);
    cell().tell?.("ended", this, failed, outcome);
  }

  #settle(settler: (outcome: unknown) => void, outcome: unknown): boolean {
    if (this.settled) return false;
    this.#settler = settler;
    this.#outcome = outcome;
    this.#undo = undefined;
    this.place?.unlink();
    this.unlink();
    this.unlisten?.();
    this.runtime.ready(this);
    return true;
  }
}

/** It must not throw. If it does, the others are woken all the same, and the host reports a rejection that nobody handled. */
function takeBack(undo: Undo | undefined): void {
  try {
    undo?.();
  } catch (error) {
    void Promise.reject(error);
  }
}
