import { brand } from "./base.ts";

/**
 * All that went wrong in a task group, even a single error: body and children, each real error once (T2).
 * See {@link leaves}, {@link split} and {@link collapse} for taking it apart.
 */
export class TaskGroupError extends AggregateError {
  constructor(errors: Iterable<unknown>, message?: string, options?: ErrorOptions) {
    super(errors, message, options);
    brand(this, "TaskGroupError");
  }

  override get name(): "TaskGroupError" {
    return "TaskGroupError";
  }

  get code(): "ERR_TASK_GROUP" {
    return "ERR_TASK_GROUP";
  }
}
