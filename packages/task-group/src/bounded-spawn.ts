import { checkFunction, settling, taskName } from "@arborio/core/lowlevel";
import { Room } from "./room.ts";
import type { SpawnOptions, TaskGroup } from "./task-group.ts";
import type { TaskFunction } from "./policy.ts";
import type { TaskHandle } from "./task-handle.ts";

/** Spawns into a group when there is room. */
export type BoundedSpawn = <T>(
  fn: TaskFunction<T>,
  options?: SpawnOptions,
) => Promise<TaskHandle<T, undefined>>;

/**
 * Makes a `spawn` for a group that lets at most `limit` of its tasks run at once, and waits for room before it starts one:
 * backpressure on whoever spawns. One made with the same limit elsewhere counts by itself.
 *
 * **Cancellation** A call that is cancelled while it waits starts nothing. A `signal` among its options ends the wait too,
 * and is the task's afterwards.
 *
 * **Fairness** Room is given in the order of the calls.
 *
 * @throws RangeError for a limit that is no whole number from 1 on, or `Infinity`
 */
export function boundedSpawn(group: TaskGroup, limit: number): BoundedSpawn {
  const room = new Room("bound spawn", limit);
  return (fn, options) => {
    const name = taskName(options?.name, checkFunction("spawn a task", fn));
    return settling(room.take(options), () => {
      try {
        return group.spawn(room.bound(fn), { ...options, name });
      } catch (error) {
        room.give(); // the group has ended meanwhile
        throw error;
      }
    });
  };
}
