import { checkpoint, type WaitOptions } from "@arborio/core";
import {
  cancelScope,
  checkFunction,
  currentScope,
  moveScope,
  openScope,
  settling,
  suspend,
  unlessSignalled,
  WaitQueue,
  yieldTurn,
  type ScopeNode,
} from "@arborio/core/lowlevel";
import { Group } from "./group.ts";
import { supervise, type OnError } from "./supervised.ts";
import type { TaskGroup, TaskGroupOptions } from "./task-group.ts";
import type { TaskRecord } from "./task-handle.ts";

/** A task group without a callback. It ends when all its tasks have, in a `join` or in its disposal. */
export interface OpenTaskGroup extends TaskGroup, AsyncDisposable {
  /**
   * Waits until all tasks have ended; then the group has. Tasks may still spawn meanwhile.
   *
   * **Cancellation** Ends the waiting, and leaves the group open; unless it reaches the group as well: then its tasks end by
   * it, and are waited for.
   *
   * **Throws** as `taskGroup` does: TaskGroupError with all errors; a plain Cancelled; the reason of a foreign `{ signal }`.
   */
  join(options?: WaitOptions): Promise<void>;

  /** Cancels the tasks (source `exit`), waits until they have ended, and throws as {@link join}. After a `join` that ended, nothing. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** How a group without a callback is opened. */
export interface OpenTaskGroupOptions extends TaskGroupOptions {
  /** Makes it a supervised group, as `supervisedGroup` does: what a task throws comes here, and the others live on. */
  readonly onError?: OnError | undefined;
}

/**
 * Opens a task group for as long as a block lasts: `await using group = openTaskGroup()`. Leaving the block cancels what is
 * left and waits for it; `await group.join()` before that waits for all.
 *
 * The block itself is not inside the group's scope, for nothing ambient can be entered without a callback (T14): a failed
 * task cancels its siblings, and the block learns of it by `join`, or at its end. `{ signal: group.signal }` ties a wait of
 * the block to the group. Where a callback will do `taskGroup` is the better choice.
 */
export function openTaskGroup(options: OpenTaskGroupOptions = {}): OpenTaskGroup {
  const group = new OpenGroup(options.name ?? "", options.onError);
  openScope(group, options);
  const around = currentScope();
  const outer = around && setUps.get(around);
  if (around !== undefined && outer !== undefined) {
    moveScope(group, outer);
    setUps.set(around, group);
  }
  return group;
}

/** Resources whose set-up runs: the scope of each, and the innermost group opened in it, which is around all that comes after it. */
export const setUps: WeakMap<ScopeNode, ScopeNode> = /* @__PURE__ */ new WeakMap();

/**
 * Invariant: the block keeps the group open, unless it joins. The group leaves its scope in the turn in which the last task
 * ends; from then on `outcome` is set.
 */
class OpenGroup extends Group implements OpenTaskGroup {
  readonly #joiners = new WaitQueue<void>();
  readonly #onError: OnError | undefined;
  #joins = 0;
  /** Throws what there is to be thrown. */
  #outcome: (() => void) | undefined;
  /** Whether someone was told the outcome: it is thrown once, and again only to who joins again. */
  #told = false;

  constructor(name: string, onError: OnError | undefined) {
    super(name);
    this.#onError = onError && checkFunction("supervise the tasks", onError);
  }

  override failed(error: unknown, task: TaskRecord<unknown, unknown>): void {
    if (this.#onError === undefined) super.failed(error, task);
    else supervise(this, this.#onError, error, task);
  }

  join(options?: WaitOptions): Promise<void> {
    return settling(this.#join(options), () => {});
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#told) return;
    cancelScope(this, "exit");
    if (this.#outcome === undefined) this.#leave();
    await (this.#outcome === undefined ? this.#wait({ shielded: true }) : yieldTurn());
    this.#tell();
  }

  protected override allEnded(): void {
    try {
      this.conclude();
      if (this.caught) unlessSignalled(this, () => {});
      this.#outcome = () => {};
    } catch (error) {
      this.#outcome = () => {
        throw error;
      };
    }
    this.#joiners.wakeAll();
  }

  async #join(options: WaitOptions = {}): Promise<void> {
    if (this.#outcome === undefined) this.#leave();
    if (this.#outcome !== undefined) await checkpoint(options);
    else await this.#wait(options).catch((error: unknown) => this.#cut(error));
    this.#tell();
  }

  /** A join was cancelled. */
  async #cut(error: unknown): Promise<never> {
    if (this.#outcome === undefined && this.effective === undefined) {
      if (--this.#joins === 0) this.hold();
      throw error;
    }
    // It reaches the tasks as well: they carry it.
    if (this.#outcome === undefined) await this.#wait({ shielded: true });
    this.#tell();
    throw error;
  }

  /** The block does not keep the group open any more. */
  #leave(): void {
    if (this.#joins++ === 0) this.release();
  }

  #wait({ signal, shielded }: WaitOptions & { readonly shielded?: boolean }): Promise<void> {
    const waitingFor = `the tasks of ${this.name} to end`;
    return suspend<void>((waiter) => this.#joiners.add(waiter), { signal, shielded, waitingFor });
  }

  #tell(): void {
    this.#told = true;
    this.#outcome?.();
  }
}
