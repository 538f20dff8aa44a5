import {
  GroupClosedError,
  leaves,
  NotStartedError,
  split,
  TaskCancelled,
  TaskGroupError,
  type ScopeControl,
} from "@arborio/core";
import {
  ABSORBED,
  absorbs,
  cancelScope,
  checkFunction,
  checkSignal,
  currentScope,
  cutBySignal,
  isCancelledLeaf,
  leaveScope,
  moveScope,
  onlyCancelled,
  ScopeNode,
  scopeOfSignal,
  settling,
  suspend,
  taskName,
  textOf,
  tieTo,
  untie,
  type Waiter,
} from "@arborio/core/lowlevel";
import { supervise, type OnError } from "./supervised.ts";
import type { SpawnOptions, TaskGroup } from "./task-group.ts";
import { TaskRecord, type Start, type StartingTask, type TaskHandle } from "./task-handle.ts";

/**
 * The machine of a task group; users see it as a TaskGroup.
 *
 * Invariants:
 * - `open` counts what keeps the group open: the body, each child, each `start` that is under way. It closes when that is 0,
 *   in the turn in which the last of them ends, for good. When it counts daemons only, these are cancelled.
 * - Every error of body and children is in `errors`, a real error object once, a Cancelled once for each task it left (T2).
 * - The first of them cancels the group.
 */
export class Group extends ScopeNode implements TaskGroup {
  readonly name: string;
  #open = 1;
  readonly #errors: unknown[] = [];
  readonly #counted = new Set<unknown>();
  #joining: Waiter<void> | undefined;
  #daemons: Set<TaskRecord<unknown, unknown>> | undefined;
  /** Called with each task of the group that has ended, before its failure cancels the others. */
  watchers: Set<(task: TaskRecord<unknown, unknown>) => void> | undefined;

  readonly #onError: OnError | undefined;

  constructor(name: string, onError?: OnError) {
    super();
    this.#onError = onError && checkFunction("supervise the tasks", onError);
    this.name = name === "" ? "the task group" : `task group '${name}'`;
  }

  get scope(): ScopeControl {
    return this;
  }

  spawn<T>(
    fn: (task: TaskHandle) => T | PromiseLike<T>,
    options: SpawnOptions = {},
  ): TaskHandle<T, undefined> {
    const record = this.#admit<T, undefined>("spawn a task", fn, options);
    begin(record, fn, this, this, options);
    this.#adopt(record);
    return record;
  }

  start<V, T>(
    fn: (task: StartingTask<V>) => T | PromiseLike<T>,
    options: SpawnOptions & { readonly returnHandle?: boolean } = {},
  ): Promise<never> {
    const { returnHandle, signal } = options;
    const record = this.#admit<T, V>("start a task", fn, options);
    const caller = currentScope() ?? scopeOfSignal(signal);
    const arm = (waiter: Waiter<void>): void => {
      record.start = { waiter };
      begin(record, fn, caller ?? this, caller, options);
    };
    const wait = suspend(arm, { signal, shielded: true, waitingFor: `task '${record.name}' to say started` });
    return settling(
      wait.finally(() => this.release()),
      () => (returnHandle === true ? record : record.startValue) as never,
    );
  }

  /** A started task said so: it is this group's, and its starter goes on. */
  takeOver(record: TaskRecord<unknown, unknown>, starter: Waiter<void>): void {
    // The call was cancelled: the child stays where that cancellation is, or its Cancelled would come to a group that has none.
    if (record.parent?.effective !== undefined || cutBySignal(record) || starter.settled) return;
    this.#open++;
    untie(record);
    record.tied = undefined;
    moveScope(record, this);
    this.#adopt(record);
    starter.resume();
  }

  /** A task that this group opened for has ended. */
  ended(record: TaskRecord<unknown, unknown>): void {
    const { end, outcome, start } = record;
    // Before it was handed over: its end is that of the call, whose own wait keeps the group open.
    if (start?.waiter.settled === false) return endStart(record, start);
    this.#daemons?.delete(record);
    this.watchers?.forEach((watch) => watch(record));
    if (end === "error" && outcome !== ABSORBED) this.failed(outcome, record);
    this.release();
  }

  /** A task of the group failed. Policies do otherwise. */
  protected failed(error: unknown, task: TaskRecord<unknown, unknown>): void {
    if (this.#onError === undefined) this.fail(error, task.name);
    else supervise(this, this.#onError, error, task);
  }

  /** @param by the task that failed; the one of the body by default */
  fail(error: unknown, by: string | undefined = this.task?.name): void {
    const counts = Object(error) === error && !isCancelledLeaf(error);
    if (!counts || !this.#counted.has(error)) this.#errors.push(error);
    if (counts) this.#counted.add(error);
    cancelScope(this, "sibling", error, by);
  }

  /** The body has ended: waits for the children. No cancellation ends this wait: the children carry it. One turn, if there are none (T7). */
  close(): Promise<void> {
    this.release();
    const arm = (waiter: Waiter<void>): void => {
      if (this.#open === 0) waiter.resume();
      else this.#joining = waiter;
    };
    return suspend(arm, { shielded: true, waitingFor: `the tasks of ${this.name} to end`, within: this });
  }

  /** Leaves the scope, and throws what is to be thrown (T2, T3). */
  conclude(): void {
    const taken = absorbs(this);
    const rest: unknown[] = [];
    for (const error of this.#errors) {
      const [cancelled, left] = taken ? split(error, isCancelledLeaf) : [undefined, error];
      if (cancelled !== undefined) this.caught = true;
      if (cancelled === undefined || left !== undefined) rest.push(left);
    }
    leaveScope(this);
    if (rest.length === 0) return;
    if (rest.every(onlyCancelled)) throw leaves(rest[0])[0];
    throw this.errorOf(rest, `${this.name}: ${rest.map(textOf).join("; ")}`);
  }

  /** What is thrown for errors of which some are real. Policies have others. */
  protected errorOf(errors: readonly unknown[], message: string): unknown {
    return new TaskGroupError(errors, message);
  }

  /** Checks the arguments of `spawn` and `start`, and opens for one more. */
  #admit<T, V>(
    action: string,
    fn: { readonly name: string },
    { daemon, name, signal }: SpawnOptions,
  ): TaskRecord<T, V> {
    const given = taskName(name, checkFunction(action, fn));
    if (signal !== undefined) checkSignal(signal);
    if (this.#open === 0) throw new GroupClosedError(`Cannot ${action} in ${this.name}: it has ended`);
    this.#open++;
    return new TaskRecord<T, V>(given, this, daemon === true);
  }

  /** Keeps the group open, until {@link release}. */
  hold(): void {
    this.#open++;
  }

  release(): void {
    if (--this.#open === 0) this.allEnded();
    else this.#endDaemons();
  }

  /** Body and tasks have ended. */
  protected allEnded(): void {
    this.#joining?.resume();
  }

  #adopt(record: TaskRecord<unknown, unknown>): void {
    if (!record.daemon) return;
    (this.#daemons ??= new Set()).add(record);
    this.#endDaemons();
  }

  #endDaemons(): void {
    if (this.#daemons?.size === this.#open) this.#daemons.forEach((daemon) => cancelScope(daemon, "exit"));
  }
}

function begin<T, V>(
  record: TaskRecord<T, V>,
  fn: (task: TaskRecord<T, V>) => T | PromiseLike<T>,
  { runtime }: ScopeNode,
  parent: ScopeNode | undefined,
  { signal }: SpawnOptions,
): void {
  record.begin(fn, runtime, parent);
  tieTo(record, signal, parent);
}

function endStart(record: TaskRecord<unknown, unknown>, { said, waiter }: Start): void {
  const { name, end, outcome, tied, cancelled } = record;
  const error = end === "error";
  if (error && outcome !== ABSORBED) waiter.fail(outcome);
  else if (error && cutBySignal(record)) waiter.fail(tied?.reason);
  else if (said !== undefined) waiter.resume();
  else if (error)
    waiter.fail(new TaskCancelled(`Cannot start task '${name}': it was cancelled`, { cause: cancelled }));
  else
    waiter.fail(new NotStartedError(`Cannot start task '${name}': it returned without calling started()`));
}
