import { ArborioError } from "./base.ts";

// What runs, backends and misuse throw.

/** An operation needs a backend and there is none. */
export class NoBackendError extends ArborioError {
  constructor(message = "Cannot go on: no backend; call it inside run(main, { backend }), or import run from 'arborio'", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "NoBackendError" {
    return "NoBackendError";
  }

  get code(): "ERR_NO_BACKEND" {
    return "ERR_NO_BACKEND";
  }
}

/** The backend has no such capability on this runtime. */
export class UnsupportedError extends ArborioError {
  constructor(message = "Cannot go on: the backend does not support it", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "UnsupportedError" {
    return "UnsupportedError";
  }

  get code(): "ERR_UNSUPPORTED" {
    return "ERR_UNSUPPORTED";
  }
}

/** Every task waits and nothing can wake any of them (F2). The message holds the task tree. */
export class DeadlockError extends ArborioError {
  constructor(message = "Cannot go on: every task waits", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "DeadlockError" {
    return "DeadlockError";
  }

  get code(): "ERR_DEADLOCK" {
    return "ERR_DEADLOCK";
  }
}

/** The run this belongs to has ended. */
export class RunFinishedError extends ArborioError {
  constructor(message = "Cannot go on: the run has finished", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "RunFinishedError" {
    return "RunFinishedError";
  }

  get code(): "ERR_RUN_FINISHED" {
    return "ERR_RUN_FINISHED";
  }
}

/** A call that can never be right: a scope used twice, `started` called twice, a bare over-release. */
export class MisuseError extends ArborioError {
  constructor(message = "Misuse", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "MisuseError" {
    return "MisuseError";
  }

  get code(): "ERR_MISUSE" {
    return "ERR_MISUSE";
  }
}

/** A worker died or broke the protocol. */
export class WorkerError extends ArborioError {
  constructor(message = "Cannot run in a worker", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "WorkerError" {
    return "WorkerError";
  }

  get code(): "ERR_WORKER" {
    return "ERR_WORKER";
  }
}
