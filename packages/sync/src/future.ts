import {
  checkpoint,
  FutureAlreadyFinished,
  FutureCancelled,
  FutureFailed,
  FutureNotFinished,
  type WaitOptions,
} from "@arborio/core";
import { afterWait, WaitQueue } from "@arborio/core/lowlevel";
import { queued } from "./queued.ts";

/** Where a future is in its life. */
export type FutureStatus = "pending" | "finished" | "failed" | "cancelled";

export interface FutureStatistics {
  readonly status: FutureStatus;
  readonly tasksWaiting: number;
}

/**
 * A value that one task sets, once, and others wait for. No promise: nobody need look at its failure, and it cannot be awaited
 * by mistake (as T6).
 */
export class Future<T> {
  readonly #waiters = new WaitQueue<void>();
  #status: FutureStatus = "pending";
  /** Its value, or its error. */
  #outcome: unknown;

  get status(): FutureStatus {
    return this.#status;
  }

  /**
   * Its value.
   *
   * @throws FutureNotFinished while it has none; FutureFailed with its error as `cause`; FutureCancelled
   */
  get value(): T {
    if (this.#status === "finished") return this.#outcome as T;
    const { error } = this;
    throw new FutureFailed("Cannot give the outcome: the future failed", { cause: error });
  }

  /**
   * Its error; undefined if it has a value.
   *
   * @throws FutureNotFinished while it has neither; FutureCancelled
   */
  get error(): unknown {
    if (this.#status === "pending") {
      throw new FutureNotFinished("Cannot give the outcome: the future is not finished");
    }
    this.#checkUncancelled("give the outcome");
    return this.#status === "failed" ? this.#outcome : undefined;
  }

  /** @throws FutureAlreadyFinished, FutureCancelled */
  set(value: T): void {
    this.#finish("finished", value);
  }

  /** @throws FutureAlreadyFinished, FutureCancelled */
  fail(error: unknown): void {
    this.#finish("failed", error);
  }

  /** Nobody will set it: wakes who waits for it. Once it is finished this does nothing. */
  cancel(): void {
    if (this.#status === "pending") this.#finish("cancelled", undefined);
  }

  /** Waits until it is finished, however; never throws for its outcome. If it is already, this is a checkpoint (C3). */
  wait(options?: WaitOptions): Promise<void> {
    if (this.#status !== "pending") return checkpoint(options);
    return queued(this.#waiters, "the future", options);
  }

  /**
   * Waits for its value.
   *
   * **Cancellation** Leaves the future and all others who wait for it alone.
   *
   * **Throws** FutureFailed with its error as `cause`; FutureCancelled
   */
  result(options?: WaitOptions): Promise<T> {
    return afterWait(this.wait(options).then(() => this.value));
  }

  statistics(): FutureStatistics {
    return Object.freeze({ status: this.#status, tasksWaiting: this.#waiters.size });
  }

  #finish(status: FutureStatus, outcome: unknown): void {
    this.#checkUncancelled("set the outcome");
    if (this.#status !== "pending") {
      throw new FutureAlreadyFinished("Cannot set the outcome: the future is finished");
    }
    this.#status = status;
    this.#outcome = outcome;
    this.#waiters.wakeAll();
  }

  #checkUncancelled(action: string): void {
    if (this.#status === "cancelled") throw new FutureCancelled(`Cannot ${action}: the future was cancelled`);
  }
}
