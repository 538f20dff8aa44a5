import { ArborioError } from "./base.ts";

// What task groups and tasks throw.

/** The awaited task, or the body of the group, was cancelled on its own. It is no Cancelled of whoever awaits: it is an ordinary error (T6, T12). */
export class TaskCancelled extends ArborioError {
  constructor(message = "The task was cancelled", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "TaskCancelled" {
    return "TaskCancelled";
  }

  get code(): "ERR_TASK_CANCELLED" {
    return "ERR_TASK_CANCELLED";
  }
}

/** `spawn` or `start` on a group that has ended (T4). */
export class GroupClosedError extends ArborioError {
  constructor(message = "Cannot spawn into the task group: it has ended", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "GroupClosedError" {
    return "GroupClosedError";
  }

  get code(): "ERR_GROUP_CLOSED" {
    return "ERR_GROUP_CLOSED";
  }
}

/** A child of `start` returned without saying `started` (T5). */
export class NotStartedError extends ArborioError {
  constructor(message = "Cannot start the task: it returned without calling started()", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "NotStartedError" {
    return "NotStartedError";
  }

  get code(): "ERR_NOT_STARTED" {
    return "ERR_NOT_STARTED";
  }
}
