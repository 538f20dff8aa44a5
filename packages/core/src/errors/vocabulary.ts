import { define, type ArborioError, type ErrorClass } from "./base.ts";
import type { Cancelled } from "./cancelled.ts";
import type { OSError } from "./os-error.ts";

// The closed vocabulary: every error the library makes, save Cancelled and OSError, which have files of their own.

// Task groups and tasks.

/**
 * The awaited task, or the body of the group, was cancelled on its own (T6, T12); or a task failed with the cancellation of a
 * scope elsewhere, which is the `cause` (T18). It is an ordinary error: it does not cancel the task that awaits.
 */
export type TaskCancelled = ArborioError<"TaskCancelled", "ERR_TASK_CANCELLED">;
export const TaskCancelled: ErrorClass<"TaskCancelled", "ERR_TASK_CANCELLED"> =
  /* @__PURE__ */ define("TaskCancelled");

/** `spawn` or `start` on a group that has ended (T4). */
export type GroupClosedError = ArborioError<"GroupClosedError", "ERR_GROUP_CLOSED">;
export const GroupClosedError: ErrorClass<"GroupClosedError", "ERR_GROUP_CLOSED"> =
  /* @__PURE__ */ define("GroupClosedError");

/** A child of `start` returned without saying `started` (T5). */
export type NotStartedError = ArborioError<"NotStartedError", "ERR_NOT_STARTED">;
export const NotStartedError: ErrorClass<"NotStartedError", "ERR_NOT_STARTED"> =
  /* @__PURE__ */ define("NotStartedError");

// Time.

/** A `failAfter` or `failAt` block was cut by its own deadline (C13). Named as the platform names it. */
export type TimeoutError = ArborioError<"TimeoutError", "ERR_TIMEOUT">;
export const TimeoutError: ErrorClass<"TimeoutError", "ERR_TIMEOUT"> = /* @__PURE__ */ define("TimeoutError");

// Streams and other resources (M4).

/** A `…Nowait` call would have had to wait. It has no stack. */
export type WouldBlock = ArborioError<"WouldBlock", "ERR_WOULD_BLOCK">;
export const WouldBlock: ErrorClass<"WouldBlock", "ERR_WOULD_BLOCK"> = /* @__PURE__ */ define(
  "WouldBlock",
  true,
);

/** The other end closed and nothing is left to receive. It has no stack. */
export type EndOfStream = ArborioError<"EndOfStream", "ERR_END_OF_STREAM">;
export const EndOfStream: ErrorClass<"EndOfStream", "ERR_END_OF_STREAM"> = /* @__PURE__ */ define(
  "EndOfStream",
  true,
);

/** The resource was closed on this side. */
export type ClosedResourceError = ArborioError<"ClosedResourceError", "ERR_CLOSED_RESOURCE">;
export const ClosedResourceError: ErrorClass<"ClosedResourceError", "ERR_CLOSED_RESOURCE"> =
  /* @__PURE__ */ define("ClosedResourceError");

/** The resource is unusable for a reason outside this program: the peer is gone, a send was cut. `cause` says why. */
export type BrokenResourceError = ArborioError<"BrokenResourceError", "ERR_BROKEN_RESOURCE">;
export const BrokenResourceError: ErrorClass<"BrokenResourceError", "ERR_BROKEN_RESOURCE"> =
  /* @__PURE__ */ define("BrokenResourceError");

/** Two tasks use the same direction of a resource. */
export type BusyResourceError = ArborioError<"BusyResourceError", "ERR_BUSY_RESOURCE">;
export const BusyResourceError: ErrorClass<"BusyResourceError", "ERR_BUSY_RESOURCE"> =
  /* @__PURE__ */ define("BusyResourceError");

/** The stream ended before the requested data was complete. */
export type IncompleteRead = ArborioError<"IncompleteRead", "ERR_INCOMPLETE_READ">;
export const IncompleteRead: ErrorClass<"IncompleteRead", "ERR_INCOMPLETE_READ"> =
  /* @__PURE__ */ define("IncompleteRead");

/** The delimiter was not found within the limit. */
export type DelimiterNotFound = ArborioError<"DelimiterNotFound", "ERR_DELIMITER_NOT_FOUND">;
export const DelimiterNotFound: ErrorClass<"DelimiterNotFound", "ERR_DELIMITER_NOT_FOUND"> =
  /* @__PURE__ */ define("DelimiterNotFound");

/** A connectable could make no connection. `cause` says why. */
export type ConnectionFailed = ArborioError<"ConnectionFailed", "ERR_CONNECTION_FAILED">;
export const ConnectionFailed: ErrorClass<"ConnectionFailed", "ERR_CONNECTION_FAILED"> =
  /* @__PURE__ */ define("ConnectionFailed");

/** No layer of the stream has the attribute. */
export type TypedAttributeLookupError = ArborioError<
  "TypedAttributeLookupError",
  "ERR_TYPED_ATTRIBUTE_LOOKUP"
>;
export const TypedAttributeLookupError: ErrorClass<
  "TypedAttributeLookupError",
  "ERR_TYPED_ATTRIBUTE_LOOKUP"
> = /* @__PURE__ */ define("TypedAttributeLookupError");

// Runs and backends.

/** An operation needs a backend and there is none. The message names the fix. */
export type NoBackendError = ArborioError<"NoBackendError", "ERR_NO_BACKEND">;
export const NoBackendError: ErrorClass<"NoBackendError", "ERR_NO_BACKEND"> =
  /* @__PURE__ */ define("NoBackendError");

/** The backend has no such capability on this runtime. */
export type UnsupportedError = ArborioError<"UnsupportedError", "ERR_UNSUPPORTED">;
export const UnsupportedError: ErrorClass<"UnsupportedError", "ERR_UNSUPPORTED"> =
  /* @__PURE__ */ define("UnsupportedError");

/** Every task waits and nothing can wake any of them (F2). The message holds the task tree. */
export type DeadlockError = ArborioError<"DeadlockError", "ERR_DEADLOCK">;
export const DeadlockError: ErrorClass<"DeadlockError", "ERR_DEADLOCK"> =
  /* @__PURE__ */ define("DeadlockError");

/** The run this belongs to has ended. */
export type RunFinishedError = ArborioError<"RunFinishedError", "ERR_RUN_FINISHED">;
export const RunFinishedError: ErrorClass<"RunFinishedError", "ERR_RUN_FINISHED"> =
  /* @__PURE__ */ define("RunFinishedError");

/** A call that can never be right: a scope used twice, `started` called twice, a bare over-release. */
export type MisuseError = ArborioError<"MisuseError", "ERR_MISUSE">;
export const MisuseError: ErrorClass<"MisuseError", "ERR_MISUSE"> = /* @__PURE__ */ define("MisuseError");

/** A worker died or broke the protocol. */
export type WorkerError = ArborioError<"WorkerError", "ERR_WORKER">;
export const WorkerError: ErrorClass<"WorkerError", "ERR_WORKER"> = /* @__PURE__ */ define("WorkerError");

// Futures and barriers.

/** The future has no outcome yet. */
export type FutureNotFinished = ArborioError<"FutureNotFinished", "ERR_FUTURE_NOT_FINISHED">;
export const FutureNotFinished: ErrorClass<"FutureNotFinished", "ERR_FUTURE_NOT_FINISHED"> =
  /* @__PURE__ */ define("FutureNotFinished");

/** The future's outcome was set before. */
export type FutureAlreadyFinished = ArborioError<"FutureAlreadyFinished", "ERR_FUTURE_ALREADY_FINISHED">;
export const FutureAlreadyFinished: ErrorClass<"FutureAlreadyFinished", "ERR_FUTURE_ALREADY_FINISHED"> =
  /* @__PURE__ */ define("FutureAlreadyFinished");

/** The future was cancelled. */
export type FutureCancelled = ArborioError<"FutureCancelled", "ERR_FUTURE_CANCELLED">;
export const FutureCancelled: ErrorClass<"FutureCancelled", "ERR_FUTURE_CANCELLED"> =
  /* @__PURE__ */ define("FutureCancelled");

/** The future failed; `cause` is its error. */
export type FutureFailed = ArborioError<"FutureFailed", "ERR_FUTURE_FAILED">;
export const FutureFailed: ErrorClass<"FutureFailed", "ERR_FUTURE_FAILED"> =
  /* @__PURE__ */ define("FutureFailed");

/** The barrier was broken while, or before, this task waited at it. */
export type BrokenBarrierError = ArborioError<"BrokenBarrierError", "ERR_BROKEN_BARRIER">;
export const BrokenBarrierError: ErrorClass<"BrokenBarrierError", "ERR_BROKEN_BARRIER"> =
  /* @__PURE__ */ define("BrokenBarrierError");

/**
 * All that went wrong in a task group, even a single error: body and children, each real error once (T2).
 * See `leaves`, `split` and `collapse` for taking it apart.
 */
export interface TaskGroupError extends AggregateError, ArborioError<"TaskGroupError", "ERR_TASK_GROUP"> {
  readonly name: "TaskGroupError";
}
export const TaskGroupError: {
  new (errors: Iterable<unknown>, message?: string, options?: ErrorOptions): TaskGroupError;
} = /* @__PURE__ */ define("TaskGroupError", false, AggregateError);

/** The vocabulary by name. */
export interface ErrorVocabulary {
  Cancelled: Cancelled;
  OSError: OSError;
  TaskGroupError: TaskGroupError;
  TaskCancelled: TaskCancelled;
  GroupClosedError: GroupClosedError;
  NotStartedError: NotStartedError;
  TimeoutError: TimeoutError;
  WouldBlock: WouldBlock;
  EndOfStream: EndOfStream;
  ClosedResourceError: ClosedResourceError;
  BrokenResourceError: BrokenResourceError;
  BusyResourceError: BusyResourceError;
  IncompleteRead: IncompleteRead;
  DelimiterNotFound: DelimiterNotFound;
  ConnectionFailed: ConnectionFailed;
  TypedAttributeLookupError: TypedAttributeLookupError;
  NoBackendError: NoBackendError;
  UnsupportedError: UnsupportedError;
  DeadlockError: DeadlockError;
  RunFinishedError: RunFinishedError;
  MisuseError: MisuseError;
  WorkerError: WorkerError;
  FutureNotFinished: FutureNotFinished;
  FutureAlreadyFinished: FutureAlreadyFinished;
  FutureCancelled: FutureCancelled;
  FutureFailed: FutureFailed;
  BrokenBarrierError: BrokenBarrierError;
}
