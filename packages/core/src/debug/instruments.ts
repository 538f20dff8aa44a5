import { wrongType } from "../errors/argument.ts";
import { isCancelledLeaf } from "../errors/is.ts";
import type { CancelSource } from "../errors/cancelled.ts";
import { cell } from "../cell.ts";
import { currentRuntime } from "../scope/current.ts";
import { nameOf } from "../scope/name.ts";
import type { ScopeNode } from "../scope/node.ts";
import { infoOf, type TaskInfo } from "../task/info.ts";
import type { WaitRecord } from "../wait/waiter.ts";
import { observe, type Observer } from "./observers.ts";

/** What every event says. */
export interface TaskEvent {
  /** When, by the clock of the task's root, in ms; in the simulation, virtual. */
  readonly time: number;
  /** Whose it is; undefined for what is outside any task. */
  readonly task: TaskInfo | undefined;
}

/** A task was spawned, or has ended: then its `status` says how. */
export interface TaskLifeEvent extends TaskEvent {
  readonly task: TaskInfo;
}

/** A wait begins. */
export interface WaitEvent extends TaskEvent {
  /** The wait's number, the same at its end. Unique in the process, over tasks, waits and scopes. */
  readonly waitId: number;
  /** What is waited for, in words. */
  readonly waitingFor: string;
  /** No cancellation ends it. */
  readonly shielded: boolean;
}

/** A wait has ended: its task goes on, in the microtasks after this. */
export interface WaitEndEvent extends WaitEvent {
  /** `cancelled` if a Cancelled ended it; the abort of a foreign signal given to the one wait is an `error`. */
  readonly outcome: "value" | "error" | "cancelled";
  /** What it throws; undefined for a value. */
  readonly error: unknown;
}

/** Something happened to a scope. */
export interface ScopeEvent extends TaskEvent {
  /** The scope's number; a task's own scope has the task's. */
  readonly scopeId: number;
  /** Which it is, in words: `task 'a'`, `task group 'b'`, `a cancel scope`. */
  readonly scope: string;
}

/** A scope was cancelled: the first time, and itself; what is cancelled with it is not told one by one. */
export interface CancelEvent extends ScopeEvent {
  readonly source: CancelSource;
  readonly reason: unknown;
  /** The name of the task that cancelled, if one did. */
  readonly by: string | undefined;
}

/** A scope's own deadline passed, and cancels it. */
export interface DeadlineEvent extends ScopeEvent {
  /** When it was due; `time` is when that was seen. */
  readonly deadline: number;
}

/** `serve` contained an error: it ended its connection, and nothing else. */
export interface ContainedEvent extends TaskEvent {
  /** What came from the connection; a group, if that is several. */
  readonly error: unknown;
  /** The connection that was accepted, or the TLS stream over it. */
  readonly stream: object;
}

/**
 * What is told of the life of all tasks in the process, by every copy of the library in it. All methods are optional; each is
 * called at once, in the code that does the thing, so it must be quick, and must not wait.
 */
export interface Instrument {
  /** For the message if it throws. */
  readonly name?: string | undefined;
  taskSpawned?(event: TaskLifeEvent): void;
  taskExited?(event: TaskLifeEvent): void;
  waitBegun?(event: WaitEvent): void;
  waitEnded?(event: WaitEndEvent): void;
  deadlinePassed?(event: DeadlineEvent): void;
  scopeCancelled?(event: CancelEvent): void;
  errorContained?(event: ContainedEvent): void;
}

/**
 * Adds an instrument: from now on it is told. Gives what removes it; both work at any time. One that throws is removed, and
 * what it threw goes to `console.error`; the program and the other instruments go on.
 *
 * @throws TypeError for what is no object
 */
export function addInstrument(instrument: Instrument): () => void {
  if (Object(instrument) !== instrument)
    throw wrongType("add the instrument", "it must be an object", instrument);
  return observe(new InstrumentObserver(instrument));
}

/** Tells an instrument, in plain data, what the machines tell. */
class InstrumentObserver implements Observer {
  readonly name: string;
  readonly #instrument: Instrument;
  /** Which waits it was told of: a task's first turn is none for it. */
  readonly #waits = new WeakMap<WaitRecord<unknown>, WaitEvent>();

  constructor(instrument: Instrument) {
    this.#instrument = instrument;
    this.name = `the instrument '${instrument.name ?? "anonymous"}'`;
  }

  entered(node: ScopeNode): void {
    const { cancelled, task } = node;
    if (task !== undefined && task === node)
      this.#instrument.taskSpawned?.({ time: timeOf(node), task: infoOf(task) });
    // Cancelled before it was entered (C9).
    if (cancelled !== undefined) this.cancelled(node);
  }

  exited(node: ScopeNode): void {
    const { task } = node;
    if (task !== undefined) this.#instrument.taskExited?.({ time: timeOf(node), task: infoOf(task) });
  }

  begun(wait: WaitRecord<unknown>): void {
    const { task, waitingFor, shielded } = wait;
    const event: WaitEvent = {
      time: timeOf(wait),
      task: task && infoOf(task),
      waitId: idOf(wait),
      waitingFor,
      shielded,
    };
    this.#waits.set(wait, event);
    this.#instrument.waitBegun?.(event);
  }

  ended(wait: WaitRecord<unknown>, failed: boolean, thrown: unknown): void {
    const begun = this.#waits.get(wait);
    if (begun === undefined) return;
    const outcome = !failed ? "value" : isCancelledLeaf(thrown) ? "cancelled" : "error";
    const error = failed ? thrown : undefined;
    this.#instrument.waitEnded?.({ ...begun, time: timeOf(wait), outcome, error });
  }

  cancelled(node: ScopeNode): void {
    const { cancelled, deadline, state } = node;
    // A scope that is over is cancelled in name only, and one that was not entered belongs nowhere yet.
    if (cancelled === undefined || state !== "active") return;
    const { source, reason, by } = cancelled;
    const event = scopeEvent(node);
    if (source === "deadline") this.#instrument.deadlinePassed?.({ ...event, deadline });
    this.#instrument.scopeCancelled?.({ ...event, source, reason, by });
  }

  contained(error: unknown, stream: object, scope: ScopeNode | undefined): void {
    const time = currentRuntime(undefined, scope).clock.now();
    this.#instrument.errorContained?.({ time, task: scope?.task && infoOf(scope.task), error, stream });
  }
}

function scopeEvent(node: ScopeNode): ScopeEvent {
  const { task } = node;
  return { time: timeOf(node), task: task && infoOf(task), scopeId: idOf(node), scope: nameOf(node) };
}

function timeOf({ runtime }: ScopeNode | WaitRecord<unknown>): number {
  return runtime.clock.now();
}

/** A number for what has none of its own, kept on the thing itself: all instruments, of all copies, tell the same. */
function idOf(thing: ScopeNode | WaitRecord<unknown>): number {
  if (thing.task === thing) return infoOf(thing.task).id;
  const numbered = thing as { id?: number };
  return (numbered.id ??= ++cell().lastId);
}
