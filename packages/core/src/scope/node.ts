import { cell } from "../cell.ts";
import { checkTime, wrongType } from "../errors/argument.ts";
import { Cancelled, type CancelSource } from "../errors/cancelled.ts";
import { after, itemsOf, Linked, type Holder } from "../list.ts";
import type { Runtime } from "../run/runtime.ts";
import { inSlot } from "../slot.ts";
import type { Task } from "../task/task.ts";
import { deadlinesOf, Due } from "../time/deadlines.ts";
import type { WaitRecord } from "../wait/waiter.ts";
import type { ScopeControl } from "./control.ts";
import { live } from "./live.ts";
import { reasonOf, untie, type Tied } from "./signals.ts";

/** Where a scope is in its life; a scope is used once (C16). */
export type ScopeState = "new" | "active" | "left";

/** What stands in a scope. */
export type Member = ScopeNode | WaitRecord<unknown>;

/**
 * A node of the tree of scopes. Cancel scopes, task groups and tasks are such nodes, one object each; users see their
 * interfaces only.
 *
 * Invariants of an active node:
 * - `effective` is set if `cancelled` is, or the parent's `effective` and it is not shielded (C1): pushed down at every change,
 *   so that a checkpoint reads one field. Of several it is the one that came first.
 * - `dueBy` is the first due of its own `due` and of those above, up to and including the nearest shield (C14), pushed down likewise.
 * - If `effective` is set, only shielded waits stand in it.
 * - `due`, its own deadline, is in the clock's heap while the node is not cancelled.
 */
export class ScopeNode extends Linked<ScopeNode> implements Holder<Member>, ScopeControl, Tied {
  override parent: ScopeNode | undefined = undefined;
  override previous: this | undefined = undefined;
  override next: this | undefined = undefined;
  /** The ring of the scopes and waits in it, the shielded too. */
  first: Member | undefined;
  task: Task | undefined;
  state: ScopeState = "new";
  shielding = false;
  /** It absorbed a cancellation when it was left. */
  caught = false;

  /** Its own cancellation. Set once: the first reason wins (C9). */
  cancelled: Cancelled | undefined;
  effective: Cancelled | undefined;
  /** Whether `effective` was ever set. It stays, whatever a shield hides later. */
  reached = false;

  due: Due | undefined;
  dueBy: Due | undefined;

  /** Made when `signal` is first asked for. */
  controller: AbortController | undefined;
  tied: AbortSignal | undefined;
  /** Known from entry on: a scope may be made before there is a run. */
  runtime!: Runtime;

  /** The deadline passed (called by the heap). */
  ring(): void {
    cancelScope(this, "deadline");
  }

  /** The signal it is tied to aborts. */
  handleEvent(): void {
    cancelScope(this, "signal", reasonOf(this));
  }

  cancel(reason?: unknown): void {
    cancelScope(this, "cancel", reason, live(inSlot())?.task?.name);
  }

  get deadline(): number {
    return this.due?.at ?? Infinity;
  }

  set deadline(deadline: number) {
    const active = this.state === "active";
    if (active) unschedule(this);
    this.due =
      checkTime("set the deadline", "it", deadline) === Infinity ? undefined : new Due(deadline, this);
    if (!active) return;
    schedule(this, this.runtime.clock.now());
    refresh(this);
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

/** The parent's cancellation, if it reaches this scope. */
export function visibleCancellation(node: ScopeNode): Cancelled | undefined {
  return node.shielding ? undefined : node.parent?.effective;
}

function firstDue({ due, parent, shielding }: ScopeNode): Due | undefined {
  const above = shielding ? undefined : parent?.dueBy;
  return due === undefined || (above !== undefined && above.at <= due.at) ? above : due;
}

/**
 * Enters a new scope: links it under its parent and starts its deadline. A task's own scope is given the task, others have their parent's.
 * @param now the time, if it was just read
 */
export function enterScope(
  node: ScopeNode,
  runtime: Runtime,
  parent: ScopeNode | undefined,
  task: Task | undefined = parent?.task,
  now?: number,
): void {
  node.state = "active";
  node.runtime = runtime;
  node.task = task;
  cell().openScopes++;
  const heir = live(parent);
  if (heir !== undefined) node.linkTo(heir);
  cell().tell?.("entered", node);
  if (node.due !== undefined) schedule(node, now ?? runtime.clock.now());
  // Nothing is in it yet: no need to walk.
  node.effective = node.cancelled ?? visibleCancellation(node);
  node.dueBy = firstDue(node);
  if (node.effective === undefined) return;
  node.reached = true;
  node.controller?.abort(node.effective);
}

/**
 * Leaves a scope. What still waits or is open in it goes to its parent (C20).
 * @param returned whether its block gave a value, where that is known: told to instruments
 */
export function leaveScope(node: ScopeNode, returned?: boolean): void {
  cell().tell?.("left", node, returned);
  node.state = "left";
  cell().openScopes--;
  unschedule(node);
  untie(node);
  node.unlink();
  if (node.first !== undefined) evict(node, live(node.parent));
}

/** Cancels a scope: at once for what waits in it, at the next checkpoint for what runs. Idempotent (C9). */
export function cancelScope(node: ScopeNode, source: CancelSource, reason?: unknown, by?: string): void {
  if (node.cancelled !== undefined) return;
  node.cancelled = new Cancelled(source, reason, by, node.task?.name);
  cell().tell?.("cancelled", node);
  if (node.state === "new") node.controller?.abort(node.cancelled);
  if (node.state !== "active") return;
  unschedule(node);
  refresh(node);
}

/** Moves an active scope, with all that is in it, under another parent. */
export function moveScope(node: ScopeNode, parent: ScopeNode | undefined): void {
  const heir = live(parent);
  if (heir !== undefined) node.linkTo(heir);
  else {
    node.unlink();
    node.parent = undefined;
  }
  refresh(node);
}

/** Starts an active scope's deadline; one that has passed cancels (C11). */
function schedule(node: ScopeNode, now: number): void {
  const { due } = node;
  if (due === undefined || node.cancelled !== undefined) return;
  if (due.at > now) deadlinesOf(node.runtime).add(due);
  else cancelScope(node, "deadline");
}

function unschedule({ due, runtime }: ScopeNode): void {
  if (due !== undefined) runtime.deadlines?.delete(due);
}

/** Brings `effective` and `dueBy` up to date from here down, then wakes what is newly cancelled. Iterative (C15). */
function refresh(start: ScopeNode): void {
  const changed = [start];
  const woken: Member[] = [];
  for (const node of changed) {
    const effective = node.cancelled ?? visibleCancellation(node);
    const dueBy = firstDue(node);
    const isCut = effective !== undefined && node.effective === undefined;
    // Whether, not which: a group cancelled by its tasks after an outer scope would walk all that is below again, at each level.
    if ((effective === undefined) === (node.effective === undefined) && dueBy === node.dueBy) continue;
    node.effective = effective;
    node.reached ||= isCut;
    node.dueBy = dueBy;
    for (let member = node.first; member !== undefined; member = after<Member>(member, node)) {
      if (isScope(member)) changed.push(member);
      else if (isCut) woken.push(member);
    }
    if (isCut && node.controller !== undefined) woken.push(node);
  }
  // Only now, with every flag in place, may foreign code run (the take-backs of waits, listeners of signals).
  for (const member of woken) wake(member);
}

/** Tells what stands in a cancelled scope, or listens to it. */
function wake(member: Member): void {
  if (isScope(member)) member.controller?.abort(member.effective);
  else if (!member.shielded && member.parent?.effective !== undefined) member.cancel(member.parent.effective);
}

function evict(node: ScopeNode, heir: ScopeNode | undefined): void {
  const members = itemsOf(node);
  for (const member of members) {
    if (isScope(member)) moveScope(member, heir);
    else if (heir === undefined) member.unlink();
    else member.linkTo(heir);
  }
  for (const member of members) if (!isScope(member)) wake(member);
}

/** By its fields: it may be another copy's. */
export function isScope(member: Member): member is ScopeNode {
  return "state" in member;
}
