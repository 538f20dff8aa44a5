import { checkpoint, type WaitOptions } from "@arborio/core";
import {
  after,
  cancelScope,
  checkFunction,
  handled,
  suspend,
  WaitQueue,
  type SuspendOptions,
} from "@arborio/core/lowlevel";
import { Group } from "./group.ts";
import { functionsOf, type TaskFunction } from "./policy.ts";
import { runGroup, type TaskGroup } from "./task-group.ts";
import { TaskRecord, type TaskHandle } from "./task-handle.ts";

/** Tasks in the order in which they end. */
export type Completions<T> = AsyncIterableIterator<TaskHandle<T, undefined>>;

/**
 * Runs functions as tasks, at the same time, and gives `use` their handles in the order in which they end. Gives what `use`
 * gives; if it returns before the end, the rest is cancelled and waited for (T10).
 *
 * ```ts fragment
 * const fastest = await asCompleted([() => get(a), () => get(b)], async (tasks) => {
 *   for await (const task of tasks) return task.result();
 * });
 * ```
 *
 * **Cancellation** The first failure, of a task or of `use`, cancels all others, as in any group.
 *
 * **Throws** TaskGroupError with all errors, as any group.
 */
export function asCompleted<T, R>(
  fns: Iterable<TaskFunction<T>>,
  use: (tasks: Completions<T>) => R | PromiseLike<R>,
  options?: WaitOptions,
): Promise<R>;
/**
 * The tasks of an open group in the order in which they end: those that run, and those that are spawned until none does.
 * Daemons do not count. Leaving the loop leaves them alone. For a group's body; in a task of the group it would wait for itself.
 */
export function asCompleted(group: TaskGroup, options?: WaitOptions): Completions<unknown>;
export function asCompleted<T, R>(
  of: Iterable<TaskFunction<T>> | TaskGroup,
  use?: ((tasks: Completions<T>) => R | PromiseLike<R>) | WaitOptions,
  options?: WaitOptions,
): Promise<R> | Completions<unknown> {
  if (isGroup(of)) return new Arrivals(of, use as WaitOptions | undefined);
  const fns = functionsOf("run as completed", of as Iterable<TaskFunction<T>>);
  checkFunction("run as completed", use);
  const body = async (group: Group): Promise<R> => {
    const arrivals = new Arrivals<T>(group, { signal: group.signal });
    for (const fn of fns) group.spawn(fn);
    const result = await (use as (tasks: Completions<T>) => R)(arrivals);
    cancelScope(group, "exit");
    return result;
  };
  return runGroup(new Group("asCompleted"), body, options);
}

function isGroup(of: object): of is Group & TaskGroup {
  return "spawn" in of;
}

/** The tasks of a group that have ended and were not yet given. */
class Arrivals<T> implements Completions<T> {
  readonly #group: Group;
  readonly #options: SuspendOptions;
  readonly #ended: TaskRecord<unknown, unknown>[] = [];
  readonly #waiters = new WaitQueue<void>();
  #left = false;

  constructor(group: Group, options: WaitOptions | undefined) {
    this.#group = group;
    this.#options = { signal: options?.signal, waitingFor: "the next task to end" };
    (group.watchers ??= new Set()).add(this.#arrive);
  }

  next(): Promise<IteratorResult<TaskHandle<T, undefined>>> {
    const look = ():
      IteratorResult<TaskHandle<T, undefined>> | Promise<IteratorResult<TaskHandle<T, undefined>>> => {
      const task = this.#ended.shift();
      if (task !== undefined) return { done: false, value: task as TaskRecord<T, undefined> };
      if (this.#left || !hasTasks(this.#group)) return this.#leave();
      return suspend<void>((waiter) => this.#waiters.add(waiter), this.#options).then(look);
    };
    return handled(checkpoint(this.#options).then(look));
  }

  return(): Promise<IteratorResult<TaskHandle<T, undefined>>> {
    return Promise.resolve(this.#leave());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #leave(): IteratorResult<never> {
    this.#left = true;
    this.#group.watchers?.delete(this.#arrive);
    this.#waiters.wakeAll();
    return { done: true, value: undefined };
  }

  readonly #arrive = (task: TaskRecord<unknown, unknown>): void => {
    if (task.daemon) return;
    this.#ended.push(task);
    this.#waiters.wake();
  };
}

/** Whether a task of the group runs that is no daemon. */
function hasTasks(group: Group): boolean {
  for (let one = group.first; one !== undefined; one = after(one, group)) {
    if (one instanceof TaskRecord && one.group === group && !one.daemon) return true;
  }
  return false;
}
