import type { WaitOptions } from "@arborio/core";
import { checkFunction, settling, taskName } from "@arborio/core/lowlevel";
import { PolicyGroup } from "./policy.ts";
import { Room } from "./room.ts";
import { Source } from "./source.ts";
import { runGroup } from "./task-group.ts";
import type { TaskHandle, TaskRecord } from "./task-handle.ts";

/** How many items are worked on. */
export interface MapOptions extends WaitOptions {
  /** How many run at once, at most; by default all. The next item is pulled only when there is room. */
  readonly limit?: number | undefined;
}

/** A function of an item; it is given the handle of its task too, whose `signal` is an option of every wait. */
export type ItemFunction<I, T> = (item: I, task: TaskHandle) => T | PromiseLike<T>;

/**
 * Calls `fn` with each item, each call a task, and gives the values in the order of the items. The items may come from any
 * iterable, synchronous or not.
 *
 * **Cancellation** The first failure, of a call or of the items' source, cancels the others, which are waited for (T10). A
 * source that was not read to its end is told by its `return()`, under a shield.
 *
 * **Throws** TaskGroupError with all errors; its `cause` is the first failure (T11). RangeError for a bad limit.
 */
export function map<I, T>(
  items: Iterable<I> | AsyncIterable<I>,
  fn: ItemFunction<I, T>,
  options: MapOptions = {},
): Promise<T[]> {
  const tasks: TaskRecord<T, undefined>[] = [];
  const mapped = each("map", items, fn, options, (task) => tasks.push(task));
  return settling(mapped, () => tasks.map((task) => task.unwrap()));
}

/** As {@link map}, for what the calls do: it keeps no values, so the items may have no end. */
export function forEach<I>(
  items: Iterable<I> | AsyncIterable<I>,
  fn: ItemFunction<I, unknown>,
  options: MapOptions = {},
): Promise<void> {
  return each("forEach", items, fn, options, () => {});
}

function each<I, T>(
  action: string,
  items: Iterable<I> | AsyncIterable<I>,
  fn: ItemFunction<I, T>,
  options: MapOptions,
  began: (task: TaskRecord<T, undefined>) => void,
): Promise<void> {
  const name = taskName(undefined, checkFunction(action, fn));
  const room = new Room(action, options.limit ?? Infinity);
  const group = new PolicyGroup(action);
  const source = new Source(items, action, group);
  const body = async (): Promise<void> => {
    try {
      for (;;) {
        if (!room.tryTake()) await room.take(group);
        const { done, value } = await source.next();
        if (done === true) break;
        began(
          group.spawn(
            room.bound((task: TaskHandle) => fn(value, task)),
            { name },
          ) as TaskRecord<T, undefined>,
        );
      }
    } finally {
      await source.close();
    }
  };
  return runGroup(group, body, options);
}
