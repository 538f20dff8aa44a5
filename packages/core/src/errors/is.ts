import { brandOf } from "./base.ts";
import type { Cancelled } from "./cancelled.ts";
import type { BrokenBarrierError, FutureAlreadyFinished, FutureCancelled, FutureFailed, FutureNotFinished } from "./futures.ts";
import { leaves } from "./groups.ts";
import type { OSError } from "./os-error.ts";
import type { DeadlockError, MisuseError, NoBackendError, RunFinishedError, UnsupportedError, WorkerError } from "./runs.ts";
import type {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  ConnectionFailed,
  DelimiterNotFound,
  EndOfStream,
  IncompleteRead,
  TypedAttributeLookupError,
  WouldBlock,
} from "./streams.ts";
import type { TaskGroupError } from "./task-group-error.ts";
import type { GroupClosedError, NotStartedError, TaskCancelled } from "./tasks.ts";
import type { TimeoutError } from "./timeout.ts";

/** The closed vocabulary: class name to class. */
export interface ErrorVocabulary {
  BrokenBarrierError: BrokenBarrierError;
  BrokenResourceError: BrokenResourceError;
  BusyResourceError: BusyResourceError;
  Cancelled: Cancelled;
  ClosedResourceError: ClosedResourceError;
  ConnectionFailed: ConnectionFailed;
  DeadlockError: DeadlockError;
  DelimiterNotFound: DelimiterNotFound;
  EndOfStream: EndOfStream;
  FutureAlreadyFinished: FutureAlreadyFinished;
  FutureCancelled: FutureCancelled;
  FutureFailed: FutureFailed;
  FutureNotFinished: FutureNotFinished;
  GroupClosedError: GroupClosedError;
  IncompleteRead: IncompleteRead;
  MisuseError: MisuseError;
  NoBackendError: NoBackendError;
  NotStartedError: NotStartedError;
  OSError: OSError;
  RunFinishedError: RunFinishedError;
  TaskCancelled: TaskCancelled;
  TaskGroupError: TaskGroupError;
  TimeoutError: TimeoutError;
  TypedAttributeLookupError: TypedAttributeLookupError;
  UnsupportedError: UnsupportedError;
  WorkerError: WorkerError;
  WouldBlock: WouldBlock;
}

/** Whether this is the library's error of that name, of any copy of the library. */
export function isError<N extends keyof ErrorVocabulary>(error: unknown, name: N): error is ErrorVocabulary[N] {
  return brandOf(error) === name;
}

/**
 * Whether this is a cancellation on its way: a {@link Cancelled}, an AbortError whose reason or cause is one,
 * or a group with one among its leaves (C19). Such an error must be thrown on. TaskCancelled is none.
 */
export function isCancelled(error: unknown): boolean {
  for (const leaf of leaves(error)) if (isCancelledLeaf(leaf)) return true;
  return false;
}

/** Whether this very error, no group, is a Cancelled or the platform's AbortError for one. */
export function isCancelledLeaf(error: unknown): boolean {
  if (brandOf(error) === "Cancelled") return true;
  if (typeof error !== "object" || error === null) return false;
  const { name, cause, reason } = error as { name?: unknown; cause?: unknown; reason?: unknown };
  return name === "AbortError" && (brandOf(cause) === "Cancelled" || brandOf(reason) === "Cancelled");
}
