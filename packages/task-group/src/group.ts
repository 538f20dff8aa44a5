import { GroupClosedError, isCancelled, MisuseError, NotStartedError, TaskCancelled, TaskGroupError, leaves, split } from "@arborio/core";
import {
  absorbs,
  cancelScope,
  currentScope,
  isCancelledLeaf,
  leaveScope,
  moveScope,
  onlyCancelled,
  scopeOfSignal,
  ScopeNode,
  startTask,
  suspend,
  textOf,
  tie,
  untie,
  yieldTurn,
  type Task,
  type TaskOutcome,
  type Waiter,
} from "@arborio/core/lowlevel";
import { TaskRecord } from "./task-handle.ts";

/** What a task runs; it is given its own handle. */
export type TaskFunction<T, V> = (task: TaskRecord<T, V>) => T | PromiseLike<T>;

interface PlaceOptions {
  readonly name: string;
  readonly signal: AbortSignal | undefined;
}

/**
 * The machine of a task group.
 *
 * Invariants:
 * - `open` counts what keeps the group open: the body, each child, each `start` that is under way. It closes when that is 0,
 *   in the turn in which the last of them ends, for good.
 * - Every error of body and children is in `errors`, a real error object once, a Cancelled once for each task it left (T2).
 * - The first of them cancels `scope`.
 */
export class Group {
  readonly scope: ScopeNode = new ScopeNode();
  readonly name: string;
  private open = 1;
  private readonly errors: unknown[] = [];
  private joining: Waiter<void> | undefined = undefined;

  constructor(name: string) {
    this.name = name === "" ? "the task group" : `task group '${name}'`;
  }

  get closed(): boolean {
    return this.open === 0;
  }

  /** A child of this group, under its scope and its task. */
  spawn<T, V>(record: TaskRecord<T, V>, fn: TaskFunction<T, V>, { name, signal }: PlaceOptions): void {
    this.checkOpen("spawn into");
    this.open++;
    const { scope } = this;
    startTask(
      { name, runtime: scope.runtime, parent: scope.task, scope },
      fn,
      (task) => assign(record, task, signal),
      (outcome) => this.childEnded(record, outcome),
    );
  }

  /** A child of the caller until it says started; then this group's (T5). Gives the wait of the caller, which no cancellation ends: the child carries it. */
  start<T, V>(record: TaskRecord<T, V>, fn: TaskFunction<T, V>, { name, signal }: PlaceOptions): Promise<void> {
    this.checkOpen("start a task in");
    this.open++;
    const caller = currentScope() ?? scopeOfSignal(signal);
    const runtime = caller?.runtime ?? this.scope.runtime;
    const arm = (starter: Waiter<void>): void => {
      record.onStarted = (value) => this.handOver(record, value, starter);
      startTask(
        { name, runtime, parent: caller?.task, scope: caller },
        fn,
        (task) => assign(record, task, signal),
        (outcome) => (starter.settled ? this.childEnded(record, outcome) : startFailed(record, outcome, starter)),
      );
    };
    return suspend(arm, { signal, shielded: true, waitingFor: `task '${name}' to say started` }).finally(() => this.release());
  }

  fail(error: unknown): void {
    if (isCancelledLeaf(error) || !this.errors.includes(error)) this.errors.push(error);
    cancelScope(this.scope, "sibling", error, this.scope.task?.name);
  }

  /** The body has ended: waits for the children. No cancellation ends this wait: the children carry it. One turn, if there are none (T7). */
  join(): Promise<void> {
    this.release();
    if (this.closed) return yieldTurn();
    const { name } = this;
    return suspend<void>((waiter) => void (this.joining = waiter), { shielded: true, waitingFor: `the tasks of ${name} to end` });
  }

  /** Leaves the scope, and throws what is to be thrown (T2, T3). */
  conclude(): void {
    const { scope, errors } = this;
    const taken = absorbs(scope);
    const rest = taken ? errors.map(withoutCancelled).filter((part) => part !== NOTHING) : errors;
    scope.caught = taken && errors.some(isCancelled);
    leaveScope(scope);
    if (rest.length === 0) return;
    if (rest.every(onlyCancelled)) throw leaves(rest[0])[0];
    throw new TaskGroupError(rest, describe(this.name, rest));
  }

  private checkOpen(action: string): void {
    if (this.closed) throw new GroupClosedError(`Cannot ${action} ${this.name}: it has ended`);
  }

  private childEnded<T, V>(record: TaskRecord<T, V>, outcome: TaskOutcome<T>): void {
    // First whoever waits for this task, also a sibling, has its end (C5); then its failure cancels the siblings.
    record.ended(outcome);
    if (outcome.kind === "error") this.fail(outcome.error);
    this.release();
  }

  private handOver<T, V>(record: TaskRecord<T, V>, value: V, starter: Waiter<void>): void {
    if (record.said) throw new MisuseError(`Cannot say started: task '${record.name}' said so before`);
    record.said = true;
    record.startValue = value;
    const { task } = record;
    // The call was cancelled: the child stays where that cancellation is, or its Cancelled would come to a group that has none.
    if (task.scope.parent?.effective !== undefined || starter.settled) return;
    this.open++;
    untie(task.scope);
    moveScope(task.scope, this.scope);
    task.moveTo(this.scope.task);
    starter.resume();
  }

  private release(): void {
    if (--this.open === 0) this.joining?.resume();
  }
}

function assign<T, V>(record: TaskRecord<T, V>, task: Task, signal: AbortSignal | undefined): TaskRecord<T, V> {
  record.task = task;
  if (signal !== undefined && scopeOfSignal(signal) !== task.scope.parent) tie(task.scope, signal);
  return record;
}

/** The child ended before it was handed over: its end is the call's. */
function startFailed<T, V>(record: TaskRecord<T, V>, outcome: TaskOutcome<T>, starter: Waiter<void>): void {
  record.ended(outcome);
  if (outcome.kind === "error") starter.fail(outcome.error);
  else if (record.said) starter.resume();
  else if (outcome.kind === "absorbed") starter.fail(reasonCut(record));
  else starter.fail(new NotStartedError(`Cannot start task '${record.name}': it returned without calling started()`));
}

function reasonCut<T, V>({ task }: TaskRecord<T, V>): unknown {
  const { tied, cancelled } = task.scope;
  if (tied !== undefined && cancelled?.source === "signal") return tied.reason;
  return new TaskCancelled(`Cannot start task '${task.name}': it was cancelled`, { cause: cancelled });
}

const NOTHING: unique symbol = Symbol("nothing") as never;

function withoutCancelled(error: unknown): unknown {
  const [cancelled, rest] = split(error, isCancelledLeaf);
  return cancelled === undefined ? error : (rest ?? NOTHING);
}

function describe(name: string, errors: readonly unknown[]): string {
  return `${name}: ${errors.map(textOf).join("; ")}`;
}
