import { ArborioError } from "./base.ts";

// What futures and barriers throw.

/** The future has no outcome yet. */
export class FutureNotFinished extends ArborioError {
  constructor(message = "Cannot read the future: it has no outcome yet", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "FutureNotFinished" {
    return "FutureNotFinished";
  }

  get code(): "ERR_FUTURE_NOT_FINISHED" {
    return "ERR_FUTURE_NOT_FINISHED";
  }
}

/** The future's outcome was set before. */
export class FutureAlreadyFinished extends ArborioError {
  constructor(message = "Cannot set the future: it has an outcome", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "FutureAlreadyFinished" {
    return "FutureAlreadyFinished";
  }

  get code(): "ERR_FUTURE_ALREADY_FINISHED" {
    return "ERR_FUTURE_ALREADY_FINISHED";
  }
}

/** The future was cancelled. */
export class FutureCancelled extends ArborioError {
  constructor(message = "The future was cancelled", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "FutureCancelled" {
    return "FutureCancelled";
  }

  get code(): "ERR_FUTURE_CANCELLED" {
    return "ERR_FUTURE_CANCELLED";
  }
}

/** The future failed; `cause` is its error. */
export class FutureFailed extends ArborioError {
  constructor(message = "The future failed", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "FutureFailed" {
    return "FutureFailed";
  }

  get code(): "ERR_FUTURE_FAILED" {
    return "ERR_FUTURE_FAILED";
  }
}

/** The barrier was broken while, or before, this task waited at it. */
export class BrokenBarrierError extends ArborioError {
  constructor(message = "Cannot wait at the barrier: it is broken", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "BrokenBarrierError" {
    return "BrokenBarrierError";
  }

  get code(): "ERR_BROKEN_BARRIER" {
    return "ERR_BROKEN_BARRIER";
  }
}
