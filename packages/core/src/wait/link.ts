import type { ScopeNode } from "../scope/node.ts";
import type { WaitRecord } from "./waiter.ts";

/** A waiter's place in the list of a scope; it may have two, in the ambient scope and in the one whose signal it was given (C17). */
export class WaitLink {
  scope: ScopeNode | undefined = undefined;
  previous: WaitLink | undefined = undefined;
  next: WaitLink | undefined = undefined;
  readonly waiter: WaitRecord<unknown>;

  /** @param waiter none: a waiter is its own first link */
  constructor(waiter?: WaitRecord<unknown>) {
    this.waiter = waiter ?? (this as unknown as WaitRecord<unknown>);
  }

  /** Links it as the scope's last. */
  link(scope: ScopeNode): void {
    this.scope = scope;
    const { shielded } = this.waiter;
    const last = shielded ? scope.lastHeld : scope.lastWait;
    this.previous = last;
    if (last !== undefined) last.next = this;
    else if (shielded) scope.held = this;
    else scope.waits = this;
    if (shielded) scope.lastHeld = this;
    else scope.lastWait = this;
  }

  unlink(): void {
    const { scope, previous, next } = this;
    if (scope === undefined) return;
    const { shielded } = this.waiter;
    if (previous !== undefined) previous.next = next;
    else if (shielded) scope.held = next;
    else scope.waits = next;
    if (next !== undefined) next.previous = previous;
    else if (shielded) scope.lastHeld = previous;
    else scope.lastWait = previous;
    this.scope = this.previous = this.next = undefined;
  }

  /** To the scope that takes over what waits in an ended one, or to none. */
  moveTo(scope: ScopeNode | undefined): void {
    this.unlink();
    if (scope !== undefined) this.link(scope);
  }
}
