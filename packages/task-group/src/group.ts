import { GroupClosedError, isCancelled, NotStartedError, TaskCancelled, TaskGroupError, leaves, split } from "@arborio/core";
import {
  ABSORBED,
  absorbs,
  cancelScope,
  currentScope,
  isCancelledLeaf,
  leaveScope,
  moveScope,
  onlyCancelled,
  ScopeNode,
  scopeOfSignal,
  settling,
  suspend,
  textOf,
  tie,
  untie,
  yieldTurn,
  type Waiter,
} from "@arborio/core/lowlevel";
import { TaskRecord } from "./task-handle.ts";

/** What a task runs; it is given its own handle. */
export type TaskFunction<T, V> = (task: TaskRecord<T, V>) => T | PromiseLike<T>;

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
  spawn<T, V>(fn: TaskFunction<T, V>, name: string, signal: AbortSignal | undefined): TaskRecord<T, V> {
    const record = this.makeRecord<T, V>(name);
    const { scope } = this;
    record.begin(fn, scope.runtime, scope);
    if (signal !== undefined) tie(record.scope, signal);
    return record;
  }

  /**
   * A child of the caller until it says started; then this group's (T5). Gives what `pick` takes of it then. No cancellation
   * ends this wait: the child carries it.
   */
  start<T, V, R>(fn: TaskFunction<T, V>, name: string, signal: AbortSignal | undefined, pick: (record: TaskRecord<T, V>) => R): Promise<R> {
    const record = this.makeRecord<T, V>(name);
    const caller = currentScope() ?? scopeOfSignal(signal);
    const arm = (starter: Waiter<void>): void => {
      record.starter = starter;
      record.begin(fn, caller?.runtime ?? this.scope.runtime, caller);
      if (signal !== undefined && scopeOfSignal(signal) !== caller) tie(record.scope, signal);
    };
    const wait = suspend(arm, { signal, shielded: true, waitingFor: `task '${name}' to say started` });
    return settling(wait.finally(() => this.release()), () => pick(record));
  }

  /** A started task said so: it is this group's, and its starter goes on. */
  takeOver(record: TaskRecord<unknown, unknown>, starter: Waiter<void>): void {
    const { scope } = record;
    // The call was cancelled: the child stays where that cancellation is, or its Cancelled would come to a group that has none.
    if (scope.parent?.effective !== undefined || cutBySignal(scope) || starter.settled) return;
    this.open++;
    untie(scope);
    moveScope(scope, this.scope);
    starter.resume();
  }

  /** A task that this group opened for has ended. */
  ended(record: TaskRecord<unknown, unknown>): void {
    const { end, outcome, starter } = record;
    // Before it was handed over: its end is that of the call, whose own wait keeps the group open.
    if (starter?.settled === false) return endStart(record, starter);
    if (end === "error" && outcome !== ABSORBED) this.fail(outcome, record.name);
    this.release();
  }

  /** @param by the task that failed; the one of the body by default */
  fail(error: unknown, by: string | undefined = this.scope.task?.name): void {
    const counted = Object(error) === error && this.errors.includes(error);
    if (isCancelledLeaf(error) || !counted) this.errors.push(error);
    cancelScope(this.scope, "sibling", error, by);
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
    throw new TaskGroupError(rest, `${this.name}: ${rest.map(textOf).join("; ")}`);
  }

  private makeRecord<T, V>(name: string): TaskRecord<T, V> {
    if (this.closed) throw new GroupClosedError(`Cannot start task '${name}': ${this.name} has ended`);
    this.open++;
    return new TaskRecord<T, V>(name, this);
  }

  private release(): void {
    if (--this.open === 0) this.joining?.resume();
  }
}

function endStart({ name, scope, said, end, outcome }: TaskRecord<unknown, unknown>, starter: Waiter<void>): void {
  if (end === "error" && outcome !== ABSORBED) starter.fail(outcome);
  else if (end === "error" && cutBySignal(scope)) starter.fail(scope.tied?.reason);
  else if (said) starter.resume();
  else if (end === "value") starter.fail(new NotStartedError(`Cannot start task '${name}': it returned without calling started()`));
  else starter.fail(new TaskCancelled(`Cannot start task '${name}': it was cancelled`, { cause: scope.cancelled }));
}

/** Whether the foreign signal of the call cancelled it. */
function cutBySignal({ tied, cancelled }: ScopeNode): boolean {
  return tied !== undefined && cancelled?.source === "signal";
}

const NOTHING: unique symbol = Symbol("nothing") as never;

function withoutCancelled(error: unknown): unknown {
  const [cancelled, rest] = split(error, isCancelledLeaf);
  return cancelled === undefined ? error : (rest ?? NOTHING);
}
