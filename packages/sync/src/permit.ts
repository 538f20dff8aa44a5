import { Linked, trackResource, type Holder, type Waiter } from "@arborio/core/lowlevel";
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

/** The permits that are waited for, in order of arrival. */
export interface Line extends Holder<Held> {
  size: number;
}

/** A permit, from the moment on that it is asked for: so debug mode can say where that was. It stands in line itself. */
export class Held extends Linked<Line> implements Permit {
  readonly from: Governor;
  /** Undefined while it is waited for. */
  held: boolean | undefined;
  /** Nobody need give it back. */
  untrack: () => void;
  // As its place in the line: few permits have one.
  declare waiter: Waiter<Permit> | undefined;

  constructor(from: Governor) {
    super();
    this.from = from;
    this.untrack = trackResource(this, from.permitName);
  }

  release(): void {
    const { held } = this;
    this.held = false;
    if (held !== true) return;
    this.untrack();
    this.from.giveBack();
  }

  [Symbol.dispose](): void {
    this.release();
  }

  stand(line: Line, waiter: Waiter<Permit>): void {
    this.waiter = waiter;
    waiter.place = this;
    this.linkTo(line);
    line.size++;
  }

  /** Is had by who waits for it, who thereby leaves the line. */
  arrive(): void {
    const { waiter } = this;
    // It may be held for long, and the waiter knows its scope.
    this.waiter = undefined;
    waiter?.resume(this);
  }

  override unlink(): void {
    if (this.next !== undefined && this.parent !== undefined) this.parent.size--;
    super.unlink();
  }
}
