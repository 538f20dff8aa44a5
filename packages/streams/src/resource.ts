import type { WaitOptions } from "@arborio/core";
import type { AttributeProvider } from "./typed-attributes.ts";

/** What is open until it is closed. Closing is idempotent, in whatever way and order it is done (M5). */
export interface AsyncResource extends AsyncDisposable, AttributeProvider {
  /**
   * Releases the resource, and waits until it is free. Another task that waits on it gets ClosedResourceError.
   *
   * **Cancellation** The resource is released in any case; only the waiting ends.
   */
  close(options?: WaitOptions): Promise<void>;

  /** Releases the resource at once and waits for nothing: for a peer that may never answer. */
  closeForcefully(): void;

  /** As {@link close}; in a cancelled scope it does not wait, and does not throw Cancelled: the next checkpoint does. */
  [Symbol.asyncDispose](): Promise<void>;
}
