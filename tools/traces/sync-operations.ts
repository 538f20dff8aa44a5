import { AsyncEvent, CapacityLimiter, Condition, Lock, Semaphore } from "@arborio/sync";
import type { Block, Program } from "./program.ts";

/** What an operation needs of the interpreter. */
export interface Around<C> {
  readonly log: (text: string) => void;
  readonly block: (block: Block, child: C) => Promise<void>;
}

type Run<C> = (args: readonly unknown[], child: C) => Promise<void> | void;

/** Gives the operations of events, locks, semaphores, limiters and conditions, on those that a program names. */
export function syncOperations<C>(
  program: Program,
  { log, block }: Around<C>,
): Readonly<Record<string, Run<C>>> {
  const events = made(program.events, () => new AsyncEvent());
  const locks = made(program.locks, () => new Lock());
  const conditions = made(program.conds, () => new Condition());
  const semaphores = counted(program.sems, (value) => new Semaphore(value));
  const limiters = counted(program.limits, (tokens) => new CapacityLimiter(tokens));

  const holding =
    (all: ReadonlyMap<string, Pick<Lock, "with">>, held: string): Run<C> =>
    ([name, label, inner], child) =>
      named(all, name).with(() => {
        log(`${String(label)} ${held}`);
        return block(inner as Block, child);
      });

  return {
    set: ([event]) => named(events, event).set(),
    wait: ([event, label]) =>
      named(events, event)
        .wait()
        .then(() => log(`${String(label)} woke`)),
    lock: holding(locks, "locked"),
    sem: holding(semaphores, "in sem"),
    limit: holding(limiters, "in limit"),
    tokens: ([limiter, total]) => {
      named(limiters, limiter).totalTokens = total as number;
    },
    cwait: ([name, label]) => {
      const condition = named(conditions, name);
      return condition.with((permit) => condition.wait(permit)).then(() => log(`${String(label)} notified`));
    },
    notify: ([name, count]) => {
      const condition = named(conditions, name);
      return condition.with(() =>
        count === null ? condition.notifyAll() : condition.notify(count as number),
      );
    },
  };
}

function made<T>(names: readonly string[] = [], make: () => T): ReadonlyMap<string, T> {
  return new Map(names.map((name) => [name, make()]));
}

function counted<T>(
  counts: Readonly<Record<string, number>> = {},
  make: (count: number) => T,
): ReadonlyMap<string, T> {
  return new Map(Object.entries(counts).map(([name, count]) => [name, make(count)]));
}

function named<T>(all: ReadonlyMap<string, T>, name: unknown): T {
  const found = all.get(name as string);
  if (found === undefined) throw new TypeError(`Cannot replay: the program does not make ${String(name)}`);
  return found;
}
