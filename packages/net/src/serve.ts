import type { WaitOptions } from "@arborio/core";
import { checkFunction, checkTime, currentRuntime, show, wrongType } from "@arborio/core/lowlevel";
import type { AsyncResource, ServeLimit, ServeOptions, SpawnsTasks } from "@arborio/streams";
import { CapacityLimiter } from "@arborio/sync";
import { taskGroup, type TaskGroup } from "@arborio/task-group";

export type ServeHandler<S> = (stream: S, task: WaitOptions) => unknown;

/** What is done with connections, its arguments checked. */
export interface Serving<S extends AsyncResource> {
  readonly handler: ServeHandler<S>;
  readonly onError: ServeOptions<S>["onError"];
  readonly limit: ServeLimit | undefined;
  readonly group: SpawnsTasks | undefined;
  readonly grace: number | undefined;
  readonly signal: AbortSignal | undefined;
}

/** @throws TypeError, RangeError */
export function checkServing<S extends AsyncResource>(
  handler: ServeHandler<S>,
  { onError, limit, group, grace, signal }: ServeOptions<S>,
): Serving<S> {
  checkFunction("serve", handler);
  if (onError !== undefined) checkFunction("serve: onError", onError);
  if (grace !== undefined) checkGrace(grace, group);
  return { handler, onError, limit: limiterOf(limit), group, grace, signal };
}

/** Runs `accepting` with a group for the handlers: the caller's, or one that ends when they have, or when the grace is over. */
export function inServingGroup(
  { group, grace, signal }: Serving<never>,
  accepting: (tasks: SpawnsTasks, options: WaitOptions) => Promise<void>,
): Promise<void> {
  if (group !== undefined) return accepting(group, { signal });
  return taskGroup(
    async (own) => {
      await accepting(own, { signal: own.signal });
      startGrace(own, grace);
    },
    { signal, name: "serve" },
  );
}

/** From now on the handlers have `grace` ms to end. */
export function startGrace({ scope, signal }: TaskGroup, grace: number = Infinity): void {
  scope.deadline = currentRuntime(signal).clock.now() + grace;
}

function limiterOf(limit: number | ServeLimit | undefined): ServeLimit | undefined {
  if (limit === undefined) return undefined;
  if (typeof limit === "number") {
    if (limit >= 1 && (limit === Infinity || Number.isInteger(limit))) return new CapacityLimiter(limit);
    throw new RangeError(
      `Cannot serve: limit must be a whole number from 1 on, or Infinity, received ${show(limit)}`,
    );
  }
  if (typeof (limit as ServeLimit | null)?.acquire === "function") return limit;
  throw wrongType("serve", "limit must be a number or a limiter", limit);
}

function checkGrace(grace: number, group: unknown): void {
  if (checkTime("serve", "grace", grace) < 0)
    throw new RangeError(`Cannot serve: grace must not be negative, received ${show(grace)}`);
  if (group !== undefined)
    throw wrongType("serve", "grace is for a group of the call's own: leave out one of them", group);
}
