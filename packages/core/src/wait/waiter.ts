import { cell } from "../cell.ts";
import type { WakeUp } from "../contract/scheduler.ts";
import { Linked } from "../list.ts";
import { bareRuntime, type Runtime } from "../run/runtime.ts";
import type { ScopeNode } from "../scope/node.ts";
import { reasonOf, untie, type Tied } from "../scope/signals.ts";
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

type Settler = (outcome: unknown) => void;

// Those of the promise made last. One function takes them for all promises, instead of one for each.
let resolveLast: Settler | undefined;
let rejectLast: Settler | undefined;

function capture(resolve: (value: never) => void, reject: Settler): void {
  resolveLast = resolve as Settler;
  rejectLast = reject;
}

/**
 * The machine of one wait.
 *
 * `resume`, `fail` and `cancel` settle and unlink at once; delivery, that the promise settles, comes later through the
 * scheduler. So what is handed over belongs to the waiter from the call on, and no wake-up can be lost (C5).
 */
export class WaitRecord<T> extends Linked<ScopeNode> implements WakeUp, Waiter<T>, Tied {
  override parent: ScopeNode | undefined = undefined;
  override previous: this | undefined = undefined;
  override next: this | undefined = undefined;
  readonly promise: Promise<T>;
  /** No cancellation ends it. */
  readonly shielded: boolean;
  /** What it waits for, in words, for the task tree. */
  readonly waitingFor: string;
  place: { unlink(): void } | undefined;
  tied: AbortSignal | undefined;

  #state: "waiting" | "resumed" | "failed" | "cancelled" = "waiting";
  #undo: Undo | undefined;
  /** What it was settled with. */
  #outcome: unknown;
  readonly #resolve: Settler;
  readonly #reject: Settler;

  /** @param scope in which it waits; the caller links it */
  constructor(scope: ScopeNode | undefined, shielded: boolean, waitingFor: string) {
    super();
    this.parent = scope;
    this.shielded = shielded;
    this.waitingFor = waitingFor;
    this.promise = new Promise<T>(capture);
    this.#resolve = resolveLast as Settler;
    this.#reject = rejectLast as Settler;
  }

  get task(): Task | undefined {
    return this.parent?.task;
  }

  get runtime(): Runtime {
    return this.parent?.runtime ?? bareRuntime();
  }

  get settled(): boolean {
    return this.#state !== "waiting";
  }

  resume(value: T): boolean {
    return this.#settle("resumed", value);
  }

  fail(error: unknown): boolean {
    return this.#settle("failed", error);
  }

  /** What it sleeps until has come (called by the heap). */
  ring(): void {
    this.resume(undefined as T);
  }

  /** The signal it is tied to aborts. */
  handleEvent(): void {
    this.cancel(reasonOf(this));
  }

  /** How to take it back. If what armed it also had it cancelled, that is now. */
  armed(undo: Undo): void {
    this.#undo = undo;
    if (this.#state === "cancelled") this.#takeBack();
  }

  /** Ends it with `error`, and takes it back. False if it had ended. */
  cancel(error: unknown): boolean {
    if (!this.#settle("cancelled", error)) return false;
    // Whether or not someone awaits it, who does still sees the error: a floating wait must not become an unhandled rejection.
    void handled(this.promise);
    this.#takeBack();
    return true;
  }

  deliver(): void {
    const failed = this.#state !== "resumed";
    this.runtime.undelivered--;
    (failed ? this.#reject : this.#resolve)(this.#outcome);
    cell().tell?.("ended", this, failed, this.#outcome);
  }

  /** It must not throw. If it does, the others are woken all the same, and the host reports a rejection that nobody handled. */
  #takeBack(): void {
    try {
      this.#undo?.();
    } catch (error) {
      void Promise.reject(error);
    }
  }

  #settle(state: "resumed" | "failed" | "cancelled", outcome: unknown): boolean {
    if (this.#state !== "waiting") return false;
    this.#state = state;
    this.#outcome = outcome;
    this.place?.unlink();
    this.unlink();
    untie(this);
    this.runtime.ready(this);
    return true;
  }
}
