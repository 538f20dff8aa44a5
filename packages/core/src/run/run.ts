import type { Backend, RootView } from "../contract/backend.ts";
import { checkFunction, checkSignal } from "../errors/argument.ts";
import { TaskCancelled } from "../errors/vocabulary.ts";
import { scopeSignal, cancelScope } from "../scope/node.ts";
import { concludeAbsorbed, tie } from "../scope/run-in.ts";
import { startTask, taskName, type TaskOutcome } from "../task/start.ts";
import type { Task } from "../task/task.ts";
import type { WaitOptions } from "../wait/suspend.ts";
import { WaitRecord } from "../wait/waiter.ts";
import { bareRuntime, createRuntime } from "./runtime.ts";

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
 * **Throws** what `main` throws; `DeadlockError` in the simulation, when nothing can go on.
 */
export function run<T>(main: (root: RootHandle) => T | PromiseLike<T>, options: RunOptions = {}): Promise<T> {
  checkFunction("run", main);
  if (options.signal !== undefined) checkSignal(options.signal);
  return new Root(main, options).result;
}

class Root<T> implements RootView {
  readonly name: string;
  readonly task: Task;
  private readonly record: WaitRecord<T>;
  private readonly detach: (() => void) | undefined;
  private failure: { readonly error: unknown } | undefined = undefined;

  constructor(main: (root: RootHandle) => T | PromiseLike<T>, { backend, name, signal }: RunOptions) {
    const runtime = createRuntime(backend);
    this.name = taskName(name, main);
    // The caller is outside the root: its wait is delivered at once, whatever turns the root takes.
    this.record = new WaitRecord<T>(bareRuntime(), undefined, true, "a run to end");
    this.detach = backend?.attach?.(this);
    const place = { name: this.name, runtime, parent: undefined, scope: undefined };
    this.task = startTask(place, main, (task) => rootHandle(task), (outcome) => this.ended(outcome));
    if (signal !== undefined) tie(this.task.scope, signal);
  }

  get result(): Promise<T> {
    return this.record.promise;
  }

  fail(error: unknown): void {
    const { failure } = this;
    if (failure !== undefined) return this.end(() => this.record.fail(failure.error));
    this.failure = { error };
    cancelScope(this.task.scope, "exit", error);
  }

  private ended(outcome: TaskOutcome<T>): void {
    this.task.scope.runtime.finished = true;
    this.end(() => {
      if (this.failure !== undefined) this.record.fail(this.failure.error);
      else if (outcome.kind === "value") this.record.resume(outcome.value);
      else this.record.fail(outcome.kind === "error" ? outcome.error : this.reasonCut());
    });
  }

  private end(settle: () => unknown): void {
    this.detach?.();
    settle();
  }

  private reasonCut(): unknown {
    try {
      return concludeAbsorbed(this.task.scope, () => new TaskCancelled(`The run of '${this.name}' was cancelled`));
    } catch (reason) {
      return reason;
    }
  }
}

function rootHandle(task: Task): RootHandle {
  return {
    name: task.name,
    get signal() {
      return scopeSignal(task.scope);
    },
  };
}
