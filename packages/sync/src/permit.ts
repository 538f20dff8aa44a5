import { MisuseError } from "@arborio/core";
import { trackResource } from "@arborio/core/lowlevel";
import type { Governor } from "./governor.ts";

/**
 * The right to go on, as long as it is held: by whoever has it, not by a task (S2). It is given back once; further calls do
 * nothing (S5).
 */
export interface Permit extends Disposable {
  /** Gives it back: to the first who waits, at once (S1). Idempotent. */
  release(): void;
  /** As {@link release}. */
  [Symbol.dispose](): void;
}

/** A permit from the moment on that it is asked for: so debug mode can say where that was. */
export class Held implements Permit {
  readonly from: Governor;
  /** Undefined while it is waited for. */
  held: boolean | undefined;
  #untrack: () => void;

  constructor(from: Governor) {
    this.from = from;
    this.#untrack = trackResource(this, from.permitName);
  }

  release(): void {
    const { held } = this;
    this.held = false;
    if (held !== true) return;
    this.forget();
    this.from.giveBack();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  /** Nobody need give it back. */
  forget(): void {
    this.#untrack();
  }

  /** Gives it back for a while. */
  lend(): void {
    this.release();
    this.held = undefined;
  }

  /** Ends {@link lend}: takes the place of another permit, which is void from now on. */
  replace(other: Held): void {
    if (this.held === false) {
      other.release();
      throw new MisuseError("Cannot hold the lock again: the permit was released while it waited for the condition");
    }
    other.held = false;
    other.forget();
    this.held = true;
    this.#untrack = trackResource(this, this.from.permitName);
  }
}
