import { cell } from "../cell.ts";
import type { WakeUp } from "../contract/scheduler.ts";
import { isCancelledLeaf } from "../errors/is.ts";
import { Linked } from "../list.ts";
import { bareRuntime, type Runtime } from "../run/runtime.ts";
import type { ScopeNode } from "../scope/node.ts";
import { untie, type Tied } from "../scope/signals.ts";
import type { Task } from "../task/task.ts";
import { handled } from "./handled.ts";

/** Takes back what was armed; called at most once, and only if the wait ends by cancellation. */
export type Undo = () => void;

/** One wait, as authors of primitives see it. It is settled once. */
export interface Waiter<T> {
  /** Whose wait it is, if a task's. */
  readonly task: { readonly name: string } | undefined;
  readonly settled: boolean;
  /** Where it stands in a queue, which it leaves when it is settled. */
  place: { unlink(): void } | undefined;
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
export class WaitRecord<T> extends Linked<ScopeNode> implements WakeUp, Waiter<T>, Tied {
  readonly promise: Promise<T>;
  /** No cancellation ends it. */
  readonly shielded: boolean;
  /** What it waits for, in words, for the task tree. */
  readonly waitingFor: string;
  place: { unlink(): void } | undefined;
  tied: AbortSignal | undefined;

  #undo: Undo | undefined;
  #cancelled = false;
  /** How it was settled, and with what. */
  #settler: ((outcome: unknown) => void) | undefined;
  #outcome: unknown;
  #resolve!: (value: unknown) => void;
  #reject!: (error: unknown) => void;

  /** @param scope in which it waits; the caller links it */
  constructor(scope: ScopeNode | undefined, shielded: boolean, waitingFor: string) {
    super();
    this.parent = scope;
    this.shielded = shielded;
    this.waitingFor = waitingFor;
    this.promise = new Promise<T>((resolve, reject) => {
      this.#resolve = resolve as (value: unknown) => void;
      this.#reject = reject;
    });
  }

  get task(): Task | undefined {
    return this.parent?.task;
  }

  get runtime(): Runtime {
    return this.parent?.runtime ?? bareRuntime();
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

  /** What it sleeps until has come (called by the heap). */
  ring(): void {
    this.resume(undefined as T);
  }

  /** The signal it is tied to aborts. */
  handleEvent(): void {
    this.cancel(this.tied?.reason);
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
    if (undo !== undefined) takeBack(undo);
    return true;
  }

  deliver(): void {
    const settler = this.#settler;
    const outcome = this.#outcome;
    const failed = settler === this.#reject;
    this.runtime.undelivered--;
    // A floating wait that is cancelled must not become an unhandled rejection; whoever awaits it still sees the error.
    if (failed && isCancelledLeaf(outcome)) void handled(this.promise);
    settler?.(outcome);
    cell().tell?.("ended", this, failed, outcome);
  }

  #settle(settler: (outcome: unknown) => void, outcome: unknown): boolean {
    if (this.#settler !== undefined) return false;
    this.#settler = settler;
    this.#outcome = outcome;
    this.#undo = undefined;
    this.place?.unlink();
    this.unlink();
    untie(this);
    this.runtime.ready(this);
    return true;
  }
}

/** It must not throw. If it does, the others are woken all the same, and the host reports a rejection that nobody handled. */
function takeBack(undo: Undo): void {
  try {
    undo();
  } catch (error) {
    void Promise.reject(error);
  }
}
