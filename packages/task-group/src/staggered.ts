import type { WaitOptions } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { checkTime, settling, suspend, type Waiter } from "@arborio/core/lowlevel";
import { PolicyGroup, someFunctions, winnerOf, type TaskFunction } from "./policy.ts";
import { runGroup } from "./task-group.ts";
import type { TaskRecord } from "./task-handle.ts";

/** How attempts are staggered. */
export interface StaggerOptions extends WaitOptions {
  /** How long, in ms, the attempts so far have to themselves. `Infinity`: until one fails. */
  readonly delay: number;
}

/**
 * Starts attempts one after another, the next after `delay` ms, or at once when one fails, and gives the first value: a
 * hedged request, a fallback that need not wait for the failure, Happy Eyeballs (RFC 8305). The others are cancelled and
 * waited for (T10); those not yet started never are.
 *
 * **Throws** TaskGroupError if all fail, with all their errors in the order of the attempts; if the clean-up of a loser
 * fails, with that (T11). RangeError for no functions, and a delay that is NaN.
 */
export function staggered<T>(attempts: Iterable<TaskFunction<T>>, options: StaggerOptions): Promise<T> {
  const list = someFunctions("stagger", attempts);
  const delay = checkTime("stagger", "delay", options.delay);
  let pause: Waiter<void> | undefined;
  const group = new PolicyGroup("staggered", {
    wins: () => true,
    tolerant: true,
    told: () => pause?.resume(),
  });
  const sleeping = () =>
    suspend<void>((waiter) => void (pause = waiter), { waitingFor: "the next attempt's turn" });
  // A winner of the turn in which the pause is over cancels the group before the pause has been left (C6): no reason to fail.
  const unlessWon = (error: unknown): void => {
    if (group.winner === undefined) throw error;
  };
  const body = async (): Promise<TaskRecord<T, undefined>[]> => {
    const tasks: TaskRecord<T, undefined>[] = [];
    for (const attempt of list) {
      if (tasks.length > 0) await moveOnAfter(delay, sleeping, { signal: group.signal }).catch(unlessWon);
      if (group.winner !== undefined) break;
      tasks.push(group.spawn(attempt) as TaskRecord<T, undefined>);
    }
    return tasks;
  };
  return settling(runGroup(group, body, options), (tasks) => winnerOf(group, tasks));
}
