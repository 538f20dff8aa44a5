import { checkpoint, type WaitOptions } from "@arborio/core";
import {
  cancelScope,
  currentScope,
  handled,
  moveScope,
  openScope,
  settling,
  suspend,
  unlessSignalled,
  WaitQueue,
  type ScopeNode,
} from "@arborio/core/lowlevel";
import { Group } from "./group.ts";
import type { TaskGroup, TaskGroupOptions } from "./task-group.ts";

/** A task group without a callback. It is closed when a `join`, or its disposal, has seen all its tasks end. */
export interface OpenTaskGroup extends TaskGroup, AsyncDisposable {
  /**
   * Waits until all tasks have ended; then the group is closed. Tasks may still spawn meanwhile.
   *
   * **Cancellation** Ends the waiting, and leaves the group open, unless it reaches the group as well: then its tasks end by
   * it, and are waited for.
   *
   * **Throws** as `taskGroup` does: TaskGroupError with all errors; a plain Cancelled; the reason of a foreign `{ signal }`.
   */
  join(options?: WaitOptions): Promise<void>;

  /** Cancels the tasks (source `exit`), waits until they have ended, and throws as {@link join}. After a `join`, nothing. */
  [Symbol.asyncDispose](): Promise<void>;
}

/**
 * Opens a task group for as long as a block lasts: `await using group = openTaskGroup()`. Leaving the block cancels what is
 * left and waits for it; `await group.join()` before waits for all.
 *
 * The block itself is not inside the group's scope, for nothing ambient can be entered without a callback (T14): a failed
 * task cancels its siblings, and the block learns of it by `join`, or at its end. `{ signal: group.signal }` ties a wait of
 * the block to the group. Where there is a callback `taskGroup` is the better choice.
 */
export function openTaskGroup(options: TaskGroupOptions = {}): OpenTaskGroup {
  const group = new OpenGroup(options.name ?? "");
  const around = currentScope();
  openScope(group, options);
  // In the set-up of a resource each group is around what comes after it.
  const outer = around && setUps.get(around);
  if (around !== undefined && outer !== undefined) {
    moveScope(group, outer);
    setUps.set(around, group);
  }
  return group;
}

/** The scopes of resources whose set-up runs, each with the innermost group opened in it, or itself. */
export const setUps: WeakMap<ScopeNode, ScopeNode> = /* @__PURE__ */ new WeakMap();

class OpenGroup extends Group implements OpenTaskGroup {
  readonly #joiners = new WaitQueue<void>();
  #end: Promise<void> | undefined;
  /** Whether someone was told how it ended. */
  #told = false;

  async join(options?: WaitOptions): Promise<void> {
  }
}
