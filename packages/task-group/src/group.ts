import {
  GroupClosedError,
  NotStartedError,
  split,
  TaskCancelled,
  TaskGroupError,
  type ScopeControl,
} from "@arborio/core";
import {
  ABSORBED,
  cancelScope,
  checkFunction,
  checkSignal,
  currentScope,
  cutBySignal,
  handled,
  isCancelledLeaf,
  itemsOf,
  leaveScope,
  moveScope,
  onlyCancelled,
  reasonOf,
  ScopeNode,
  scopeOfSignal,
  strayed,
  suspend,
  taskName,
  textOf,
  tieTo,
  untie,
  visibleCancellation,
  type Waiter,
  type WaitRecord,
} from "@arborio/core/lowlevel";
import type { SpawnOptions, TaskGroup } from "./task-group.ts";
import { TaskRecord, type Start, type StartingTask, type TaskHandle } from "./task-handle.ts";

/**
 * The machine of a task group; users see it as a TaskGroup.
 *
 * Invariants:
 * - `open` counts what keeps the group open: the body, each child, each `start` that is under way. It closes when that is 0,
 *   in the turn in which the last of them ends, for good.
 * - `busy` counts those of them that are no daemons. When that is 0 the daemons are cancelled.
 * - Every error of body and children is in `errors`, a real error object once, a Cancelled once for each task it left (T2).
 * - The first of them cancels the group.
 */
export class Group extends ScopeNode implements TaskGroup {
  readonly name: string;
  #open = 1;
  #busy = 1;
  readonly #errors: unknown[] = [];
  readonly #counted = new Set<unknown>();
  #joining: Waiter<void> | undefined;
  /** Called with each task of the group that has ended, before its failure cancels the others. */
  watchers: Set<(task: TaskRecord<unknown, unknown>) => void> | undefined;

  constructor(name: string) {
    super();
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
    this.hold(record);
    record.begin(fn, this.runtime, this);
    tieTo(record, options.signal, this);
    // Spawned by a daemon, when all others are done.
    if (this.#busy === 0) cancelScope(record, "exit");
    return record;
  }

  start<V, T>(
    fn: (task: StartingTask<V>) => T | PromiseLike<T>,
    options: SpawnOptions & { readonly returnHandle?: boolean } = {},
  ): Promise<never> {
    const { returnHandle = false, signal } = options;
    const record = this.#admit<T, V>("start a task", fn, options);
    const caller = currentScope() ?? scopeOfSignal(signal);
    this.hold();
    const arm = (waiter: Waiter<never>): void => {
      record.start = { waiter: waiter as WaitRecord<never>, returnHandle };
      record.begin(fn, (caller ?? this).runtime, caller);
      tieTo(record, signal, caller);
    };
    return suspend(arm, { signal, shielded: true, waitingFor: `task '${record.name}' to say started` });
  }

  /** A started task said so: it is this group's, held open by it in place of the call, which goes on. */
  takeOver(record: TaskRecord<unknown, unknown>, start: Start): void {
    const { waiter } = start;
    // The call was cancelled: the child stays where that cancellation is, or its Cancelled would come to a group that has none.
    if (record.parent?.effective !== undefined || cutBySignal(record) || waiter.settled) return;
    untie(record);
    record.tied = undefined;
    moveScope(record, this);
    tellStarted(record, start);
    if (record.daemon) this.#done();
  }

  /** A task that this group opened for has ended. */
  ended(record: TaskRecord<unknown, unknown>): void {
    const { end, outcome, start } = record;
    // Before it was handed over: its end is that of the call.
    if (start?.waiter.settled === false) {
      endStart(record, start);
      return this.release();
    }
    this.watchers?.forEach((watch) => watch(record));
    if (end === "error" && outcome !== ABSORBED) this.failed(outcome, record);
    this.release(record);
  }

  /** A task of the group failed. Policies do otherwise. */
  failed(error: unknown, task: TaskRecord<unknown, unknown>): void {
    this.fail(error, task.name);
  }

  /** @param by the task that failed; the one of the body by default */
  fail(thrown: unknown, by: string | undefined = this.task?.name): void {
    const error = strayed(this, thrown);
    const counts = Object(error) === error && !isCancelledLeaf(error);
    if (!counts || !this.#counted.has(error)) this.#errors.push(error);
    if (counts) this.#counted.add(error);
    cancelScope(this, "sibling", error, by);
  }

  /** The body has ended: waits for the children. No cancellation ends this wait: the children carry it. One turn, if there are none (T7). */
  close(): Promise<void> {
    this.release();
    const arm = (waiter: Waiter<void>): void => {
      this.#joining = waiter;
      if (this.#open === 0) this.allEnded();
    };
    return suspend(arm, { shielded: true, waitingFor: `the tasks of ${this.name} to end`, within: this });
  }

  /**
   * Leaves the scope, and throws what is to be thrown (T2, T3).
   * @param call the promise of the call that throws it: if it is nothing but a cancellation, nobody need observe it
   */
  conclude(call?: Promise<unknown>): void {
    const outer = visibleCancellation(this);
    const rest: unknown[] = [];
    for (const error of this.#errors) {
      const [cancelled, left] = outer === undefined ? split(error, isCancelledLeaf) : [undefined, error];
      if (cancelled !== undefined) this.caught = true;
      if (cancelled === undefined || left !== undefined) rest.push(left);
    }
    leaveScope(this);
    if (rest.length === 0) return;
    if (rest.every(onlyCancelled)) {
      if (call !== undefined) void handled(call);
      throw outer;
    }
    throw this.errorOf(rest, `${this.name}: ${rest.map(textOf).join("; ")}`);
  }

  /** What is thrown for errors of which some are real. Policies have others. */
  protected errorOf(errors: readonly unknown[], message: string): unknown {
    return new TaskGroupError(errors, message);
  }

  /** Keeps the group open, until {@link release}. */
  hold(record?: TaskRecord<unknown, unknown>): void {
    this.#open++;
    if (record?.daemon !== true) this.#busy++;
  }

  release(record?: TaskRecord<unknown, unknown>): void {
    this.#open--;
    if (record?.daemon !== true) this.#done();
    if (this.#open === 0) this.allEnded();
  }

  /** Body and tasks have ended. */
  protected allEnded(): void {
    this.#joining?.resume();
  }

  /** One that is no daemon has ended. */
  #done(): void {
    if (--this.#busy > 0) return;
    for (const child of itemsOf(this) as Partial<TaskRecord<unknown, unknown>>[]) {
      if (child.daemon === true) cancelScope(child as ScopeNode, "exit");
    }
  }

  /** Checks the arguments of `spawn` and `start`. */
  #admit<T, V>(
    action: string,
    fn: { readonly name: string },
    { daemon = false, name, signal }: SpawnOptions,
  ): TaskRecord<T, V> {
    const given = taskName(name, checkFunction(action, fn));
    if (signal !== undefined) checkSignal(signal);
    if (this.#open === 0) throw new GroupClosedError(`Cannot ${action} in ${this.name}: it has ended`);
    return new TaskRecord<T, V>(given, this, daemon);
  }
}

function tellStarted(record: TaskRecord<unknown, unknown>, { returnHandle, waiter }: Start): void {
  waiter.resume((returnHandle ? record : record.startValue) as never);
}

function endStart(record: TaskRecord<unknown, unknown>, start: Start): void {
  const { name, end, outcome, cancelled: cause } = record;
  const { said, waiter } = start;
  const failed = end === "error";
  if (failed && outcome !== ABSORBED) waiter[onlyCancelled(outcome) ? "cancel" : "fail"](outcome);
  else if (failed && cutBySignal(record)) waiter.fail(reasonOf(record));
  else if (said !== undefined) tellStarted(record, start);
  else if (failed) waiter.fail(new TaskCancelled(`Cannot start task '${name}': it was cancelled`, { cause }));
  else waiter.fail(new NotStartedError(`Cannot start task '${name}': it returned without calling started()`));
}
