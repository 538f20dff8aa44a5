import { cell } from "../cell.ts";
import type { Backend, RootView } from "../contract/backend.ts";
import { checkFunction, checkSignal } from "../errors/argument.ts";
import { ABSORBED } from "../scope/absorb.ts";
import { cancelScope } from "../scope/node.ts";
import { reasonOf, tie } from "../scope/signals.ts";
import { Task, taskName } from "../task/task.ts";
import type { WaitOptions } from "../wait/suspend.ts";
import { WaitRecord } from "../wait/waiter.ts";
import { createRuntime } from "./runtime.ts";

/** Where and how a root runs. */
export interface RunOptions extends WaitOptions {
  /** What network, files, time and turns it has; by default the platform's timers and nothing else. */
  readonly backend?: Backend | undefined;
  /** The root task's name; by default the function's. */
  readonly name?: string | undefined;
}

/** What the main function is given. */
export interface RootHandle {
  readonly name: string;
  /** Aborts when the root is cancelled. */
  readonly signal: AbortSignal;
}

/**
 * Runs `main` as a root: the top of a tree of tasks, with its own backend. Gives its value when it has ended; nothing
 * it started with this library is then still running. Runs may nest and be concurrent (F4).
 *
 * **Cancellation** An abort of `signal` cancels the root; the run rejects with the signal's reason if that cut it (C17).
 *
 * **Throws** what `main` throws; TaskCancelled for the cancellation of a scope elsewhere (T18); `DeadlockError` in the
 * simulation, when nothing can go on.
 */
export function run<T>(main: (root: RootHandle) => T | PromiseLike<T>, options: RunOptions = {}): Promise<T> {
  const { backend, name, signal } = options;
  if (signal !== undefined) checkSignal(signal);
  const root = new Root<T>(taskName(name, checkFunction("run", main)));
  root.detach = backend?.attach?.(root);
  cell().roots.add(root);
  root.begin(main, createRuntime(backend), undefined);
  if (signal !== undefined) tie(root, signal);
  return root.result.promise;
}

class Root<T> extends Task<T> implements RootView, RootHandle {
  // The caller is outside the root: its wait is delivered at once, whatever turns the root takes.
  readonly result: WaitRecord<T> = new WaitRecord<T>(undefined, true, "a run to end");
  detach: (() => void) | undefined;
  /** What it fails with whatever its main function gives. */
  #failure: [error: unknown] | undefined;

  fail(error: unknown): void {
    if (this.#failure !== undefined) return this.#settle();
    this.#failure = [error];
    cancelScope(this, "exit", error);
  }

  protected override ended(): void {
    cell().roots.delete(this);
    // Only a signal cancels a root that has not failed.
    if (this.outcome === ABSORBED) this.#failure ??= [reasonOf(this) ?? this.cancelled];
    else if (this.end === "error") this.#failure ??= [this.outcome];
    this.#settle();
  }

  #settle(): void {
    this.detach?.();
    this.detach = undefined;
    if (this.#failure === undefined) this.result.resume(this.outcome as T);
    else this.result.fail(this.#failure[0]);
  }
}
