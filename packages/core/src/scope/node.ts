import { cell } from "../cell.ts";
import { checkTime, wrongType } from "../errors/argument.ts";
import { Cancelled, type CancelSource } from "../errors/cancelled.ts";
import { itemsOf, Linked, List } from "../list.ts";
import type { Runtime } from "../run/runtime.ts";
import { slot } from "../slot.ts";
import type { Task } from "../task/task.ts";
import type { Due } from "../time/deadlines.ts";
import type { WaitRecord } from "../wait/waiter.ts";
import type { ScopeControl } from "./control.ts";

/** Where a scope is in its life; a scope is used once (C16). */
export type ScopeState = "new" | "active" | "left";

/**
 * A node of the tree of scopes. Cancel scopes, task groups and tasks are such nodes, one object each; users see their
 * interfaces only.
 *
 * Invariants of an active node:
 * - `effective` is set if `cancelled` is, or the parent's `effective` and it is not shielded (C1): pushed down at every change,
 *   so that a checkpoint reads one field. Of several it is the one that came first.
 * - `dueBy` is the least `dueAt` from here up to and including the nearest shield (C14), pushed down likewise.
 * - If `effective` is set, only shielded waits are linked here.
 * - `dueAt`, its own deadline, is in the clock's heap while it is finite and the node is not cancelled.
 */
export class ScopeNode extends Linked implements Due, ScopeControl {
  parent: ScopeNode | undefined;
  task: Task | undefined;
  state: ScopeState = "new";
  shielding = false;

  /** Its own cancellation. Set once: the first reason wins (C9). */
  cancelled: Cancelled | undefined;
  effective: Cancelled | undefined;
  /** It absorbed a cancellation when it was left. */
  caught = false;

  dueAt: number = Infinity;
  dueBy: number = Infinity;
  readonly rank: number = 0;
  order = 0;
  index = -1;

  children: List<ScopeNode> | undefined;
  /** What waits in it, the shielded too. */
  waits: List<WaitRecord<unknown>> | undefined;

  /** Made when `signal` is first asked for. */
  controller: AbortController | undefined;
  /** Takes back the listener on a foreign signal. */
  unlisten: (() => void) | undefined;
  /** The foreign signal that cancels this scope (C17). */
  tied: AbortSignal | undefined;
  /** Known from entry on: a scope may be made before there is a run. */
  runtime!: Runtime;

  /** The deadline passed (called by the heap). */
  ring(): void {
    cancelScope(this, "deadline");
  }

  cancel(reason?: unknown): void {
    cancelScope(this, "cancel", reason, live(slot().get())?.task?.name);
  }

  get deadline(): number {
    return this.dueAt;
  }

  set deadline(deadline: number) {
    this.dueAt = checkTime("set the deadline", "it", deadline);
    if (this.state === "active") schedule(this);
  }

  get shield(): boolean {
    return this.shielding;
  }

  set shield(shield: boolean) {
    if (typeof shield !== "boolean") throw wrongType("set the shield", "it must be a boolean", shield);
    this.shielding = shield;
    if (this.state === "active") refresh(this);
  }

  get cancelCalled(): boolean {
    return this.cancelled !== undefined;
  }

  get cancelledCaught(): boolean {
    return this.caught;
  }

  get signal(): AbortSignal {
    let { controller } = this;
    if (controller === undefined) {
      controller = this.controller = new AbortController();
      cell().signals.set(controller.signal, this);
      const cancelled = this.effective ?? this.cancelled;
      if (cancelled !== undefined) controller.abort(cancelled);
    }
    return controller.signal;
  }
}

/** The scope itself while it lives, else its nearest ancestor that does (C20). */
export function live(node: ScopeNode | undefined): ScopeNode | undefined {
  while (node?.state === "left") node = node.parent;
  return node;
}

/** The parent's cancellation, if it reaches this scope. */
export function visibleCancellation(node: ScopeNode): Cancelled | undefined {
  return node.shielding ? undefined : node.parent?.effective;
}

function leastDeadline({ dueAt, parent, shielding }: ScopeNode): number {
  return shielding || parent === undefined ? dueAt : Math.min(dueAt, parent.dueBy);
}

/** Enters a new scope: links it under its parent and starts its deadline. A task's own scope is given the task, others have their parent's. */
export function enterScope(
  node: ScopeNode,
  runtime: Runtime,
  parent: ScopeNode | undefined,
  task: Task | undefined = parent?.task,
): void {
  node.state = "active";
  node.runtime = runtime;
  node.task = task;
  cell().openScopes++;
  linkTo(node, live(parent));
  cell().tell?.("entered", node);
  // Nothing is in it yet: no need to walk.
  node.effective = node.cancelled ?? visibleCancellation(node);
  node.dueBy = leastDeadline(node);
  if (node.dueAt !== Infinity) schedule(node);
  if (node.effective !== undefined) node.controller?.abort(node.effective);
}

/**
 * Leaves a scope. What still waits or is open in it goes to its parent (C20).
 * @param returned whether its block gave a value, where that is known: told to instruments
 */
export function leaveScope(node: ScopeNode, returned?: boolean): void {
  cell().tell?.("left", node, returned);
  node.state = "left";
  cell().openScopes--;
  node.runtime.deadlines.delete(node);
  node.unlisten?.();
  node.unlink();
  if (node.waits !== undefined || node.children !== undefined) evict(node, live(node.parent));
}

/** Cancels a scope: at once for what waits in it, at the next checkpoint for what runs. Idempotent (C9). */
export function cancelScope(node: ScopeNode, source: CancelSource, reason?: unknown, by?: string): void {
  if (node.cancelled !== undefined) return;
  node.cancelled = new Cancelled(source, reason, by);
  cell().tell?.("cancelled", node);
  if (node.state === "new") return node.controller?.abort(node.cancelled);
  if (node.state === "left") return;
  node.runtime.deadlines.delete(node);
  refresh(node);
}

/** Moves an active scope, with all that is in it, under another parent. */
export function moveScope(node: ScopeNode, parent: ScopeNode | undefined): void {
  linkTo(node, live(parent));
  refresh(node);
}

/** Brings an active scope's deadline, and all that follows from its place, up to date. */
function schedule(node: ScopeNode): void {
  const { dueAt, runtime } = node;
  if (node.cancelled === undefined) {
    if (dueAt === Infinity) runtime.deadlines.delete(node);
    else if (dueAt > runtime.clock.now()) runtime.deadlines.set(node);
    else cancelScope(node, "deadline");
  }
  refresh(node);
}

/** Brings `effective` and `dueBy` up to date from here down, then wakes what is newly cancelled. Iterative (C15). */
function refresh(start: ScopeNode): void {
  const changed = [start];
  const cancelled: ScopeNode[] = [];
  for (const node of changed) {
    const effective = node.cancelled ?? visibleCancellation(node);
    const dueBy = leastDeadline(node);
    // Whether, not which: a group cancelled by its tasks after an outer scope would walk all that is below again, at each level.
    if ((effective === undefined) === (node.effective === undefined) && dueBy === node.dueBy) continue;
    if (effective !== undefined && node.effective === undefined) cancelled.push(node);
    node.effective = effective;
    node.dueBy = dueBy;
    for (const child of itemsOf(node.children)) changed.push(child);
  }
  // Only now, with every flag in place, may foreign code run (the take-backs of waits, listeners of signals).
  for (const node of cancelled) wake(node);
}

function wake(node: ScopeNode): void {
  const { effective } = node;
  if (effective === undefined) return;
  for (const wait of itemsOf(node.waits)) if (!wait.shielded) wait.cancel(effective);
  node.controller?.abort(effective);
}

function evict(node: ScopeNode, heir: ScopeNode | undefined): void {
  for (const wait of itemsOf(node.waits)) wait.linkTo(heir);
  for (const child of itemsOf(node.children)) moveScope(child, heir);
  if (heir !== undefined) wake(heir);
}

function linkTo(node: ScopeNode, parent: ScopeNode | undefined): void {
  node.unlink();
  node.parent = parent;
  if (parent !== undefined) (parent.children ??= new List()).add(node);
}
