import { resolved } from "@arborio/core/lowlevel";
import type { AsyncResource } from "./resource.ts";

/** What is closed when `closeForcefully` returns: no closing of it waits. */
export abstract class ClosedAtOnce implements AsyncResource, Disposable {
  abstract closeForcefully(): void;

  close(): Promise<void> {
    this.closeForcefully();
    return resolved();
  }

  [Symbol.dispose](): void {
    this.closeForcefully();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
