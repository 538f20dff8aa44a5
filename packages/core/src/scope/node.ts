import { cell } from "../cell.ts";
import { Cancelled, type CancelSource } from "../errors/cancelled.ts";
import { itemsOf, Linked, List } from "../list.ts";
import type { Runtime } from "../run/runtime.ts";
import type { Task } from "../task/task.ts";
import type { Due } from "../time/deadlines.ts";
import type { WaitRecord } from "../wait/waiter.ts";

/** Where a scope is in its life; a scope is used once (C16). */
export type ScopeState = "new" | "active" | "left";

/**
 * The machine under every cancel scope, task and group: a node of the tree of scopes.
 *
 * Invariants of an active node:
 * - `effective` is set if `cancelled` is, or the parent's `effective` and it is not shielded (C1): pushed down at every change,
 *   so that a checkpoint reads one field. Of several it is the one that came first.
 * - `dueBy` is the least `deadline` from here up to and including the nearest shield (C14), pushed down likewise.
 * - If `effective` is set, only shielded waits are linked here.
 * - `deadline` is in the clock's heap while it is finite and the node is not cancelled.
 */
export class ScopeNode extends Linked implements Due {
  parent: ScopeNode | undefined;
  task: Task | undefined;
  state: ScopeState = "new";
  shield = false;

  /** Its own cancellation. Set once: the first reason wins (C9). */
  cancelled: Cancelled | undefined;
  effective: Cancelled | undefined;
  /** It absorbed a cancellation when it was left. */
  caught = false;

  deadline: number = Infinity;
  dueBy: number = Infinity;
  dueAt: number = Infinity;
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
}

/** The scope itself while it lives, else its nearest ancestor that does (C20). */
export function live(node: ScopeNode | undefined): ScopeNode | undefined {
  while (node?.state === "left") node = node.parent;
  return node;
}

/** The parent's cancellation, if it reaches this scope. */
export function visibleCancellation(node: ScopeNode): Cancelled | undefined {
  return node.shield ? undefined : node.parent?.effective;
}

/** Enters a new scope: links it under its parent and starts its deadline. A task's own scope is given the task, others have their parent's. */
export function enterScope(node: ScopeNode, runtime: Runtime, parent: ScopeNode | undefined, task: Task | undefined = parent?.task): void {
  node.state = "active";
  node.runtime = runtime;
  node.task = task;
  cell().openScopes++;
  linkTo(node, live(parent));
  setDeadline(node, node.deadline);
}

/** Leaves a scope. What still waits or is open in it goes to its parent (C20). */
export function leaveScope(node: ScopeNode): void {
  node.state = "left";
  cell().openScopes--;
  node.runtime.deadlines.delete(node);
  node.unlisten?.();
  node.unlink();
  evict(node, live(node.parent));
}

/** Cancels a scope: at once for what waits in it, at the next checkpoint for what runs. Idempotent (C9). */
export function cancelScope(node: ScopeNode, source: CancelSource, reason?: unknown, by?: string): void {
  if (node.cancelled !== undefined) return;
  node.cancelled = new Cancelled(source, reason, by);
  if (node.state === "new") return node.controller?.abort(node.cancelled);
  if (node.state === "left") return;
  node.runtime.deadlines.delete(node);
  refresh(node);
}

/** Moves the deadline, in ms of the clock. Into the past it cancels; after cancellation it has no effect (C11). */
export function setDeadline(node: ScopeNode, deadline: number): void {
  node.deadline = deadline;
  if (node.state !== "active") return;
  if (node.cancelled === undefined) schedule(node);
  refresh(node);
}

/** Puts up or takes off the shield; taking it off under a cancelled scope wakes sleepers at once (C12). */
export function setShield(node: ScopeNode, shield: boolean): void {
  node.shield = shield;
  if (node.state === "active") refresh(node);
}

/** Moves an active scope, with all that is in it, under another parent. */
export function moveScope(node: ScopeNode, parent: ScopeNode | undefined): void {
  linkTo(node, live(parent));
  refresh(node);
}

/** The scope's AbortSignal, made on first use: aborts, with the Cancelled as reason, when the scope is effectively cancelled. */
export function scopeSignal(node: ScopeNode): AbortSignal {
  let { controller } = node;
  if (controller === undefined) {
    controller = node.controller = new AbortController();
    cell().signals.set(controller.signal, node);
    if ((node.effective ?? node.cancelled) !== undefined) controller.abort(node.effective ?? node.cancelled);
  }
  return controller.signal;
}

function schedule(node: ScopeNode): void {
  const { deadlines, clock } = node.runtime;
  node.dueAt = node.deadline;
  if (node.deadline === Infinity) deadlines.delete(node);
  else if (node.deadline <= clock.now()) cancelScope(node, "deadline");
  else deadlines.set(node);
}

/** Brings `effective` and `dueBy` up to date from here down, then wakes what is newly cancelled. Iterative (C15). */
function refresh(start: ScopeNode): void {
  const changed = [start];
  const cancelled: ScopeNode[] = [];
  for (const node of changed) {
    const effective = node.cancelled ?? visibleCancellation(node);
    const dueBy = Math.min(node.deadline, (node.shield ? undefined : node.parent?.dueBy) ?? Infinity);
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
