import { ArborioError, brandOf } from "./base.ts";

/** A `failAfter`/`failAt` block was cut by its own deadline (C13). Named as the platform names it. */
export class TimeoutError extends ArborioError {
  constructor(message = "Cannot finish the block: the deadline passed", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "TimeoutError" {
    return "TimeoutError";
  }

  get code(): "ERR_TIMEOUT" {
    return "ERR_TIMEOUT";
  }
}

/** Whether this is a timeout: ours, of any copy of the library, or the platform's (`AbortSignal.timeout`). */
export function isTimeout(error: unknown): boolean {
  if (brandOf(error) === "TimeoutError") return true;
  return typeof error === "object" && error !== null && (error as { name?: unknown }).name === "TimeoutError";
}
