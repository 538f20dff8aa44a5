// What permits are asked for, cancelled and released at random, and what should become of that: a list and a few numbers.
import { waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import type { Governor, Permit } from "@arborio/sync";
import fc from "fast-check";

/** How property tests run: the same cases each time; a failure prints its seed and its path. */
export const RUNS: { readonly numRuns: number; readonly seed: number } = { numRuns: 600, seed: 20_260_726 };

export type Step =
  | { readonly op: "ask" | "try" | "cancel" | "release" | "number"; readonly pick: number }
  | { readonly op: "flush" };

export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: fc.constant("ask" as const), pick: fc.nat(9) }) },
    {
      weight: 5,
      arbitrary: fc.record({
        op: fc.constantFrom("try", "cancel", "release", "number"),
        pick: fc.nat(9),
      }),
    },
    { weight: 2, arbitrary: fc.record({ op: fc.constant("flush" as const) }) },
  ),
  { maxLength: 40 },
);

/** One who asked. */
export interface Asker {
  readonly scope: CancelScope;
  readonly side: number;
  /** Whether the model says that it has a permit. */
  has: boolean;
  cancelled: boolean;
  permit: Permit | undefined;
}

/** The order of the simulation that a case runs in. */
export const seeds: fc.Arbitrary<number | undefined> = fc.option(fc.nat(99), { nil: undefined });

/** Something that gives permits, beside its model. */
export interface Subject {
  /** What one may ask: a reader and a writer, or one for all. */
  readonly sides: readonly Governor[];
  /** Whether, by the model, one more fits while these have permits. */
  readonly room: (side: number, holders: readonly Asker[]) => boolean;
  /** Does something with a number to the thing and to its model; what it throws is expected. */
  readonly number?: (pick: number) => void;
  /** What its statistics should be. */
  readonly expected: (holders: readonly Asker[], waiting: number) => unknown;
  readonly statistics: () => unknown;
}

/** Takes steps on a subject, in a simulation; `check` compares after each. Gives all who asked. */
export async function drive(
  subject: Subject,
  plan: readonly Step[],
  check: (expected: unknown, actual: unknown) => void,
): Promise<Asker[]> {
  const askers: Asker[] = [];
  const line: Asker[] = [];
  const holders: Asker[] = [];

  const settle = (): void => {
    for (let next = line[0]; next !== undefined && subject.room(next.side, holders); next = line[0]) {
      line.shift();
      next.has = true;
      holders.push(next);
    }
  };
  const make = (side: number): Asker => {
    const asker = { scope: new CancelScope(), side, has: false, cancelled: false, permit: undefined };
    askers.push(asker);
    return asker;
  };
  const ask = (side: number): void => {
    const asker = make(side);
    line.push(asker);
    settle();
    void asker.scope.run(() =>
      subject.sides[side]?.acquire().then((permit) => {
        asker.permit = permit;
      }),
    );
  };
  const attempt = (side: number): void => {
    const fits = line.length === 0 && subject.room(side, holders);
    const permit = subject.sides[side]?.tryAcquire();
    check(fits, permit !== undefined);
    if (permit === undefined) return;
    const asker = make(side);
    asker.has = true;
    asker.permit = permit;
    holders.push(asker);
  };
  const cancel = (asker: Asker | undefined): void => {
    if (asker === undefined) return;
    asker.scope.cancel();
    if (!asker.has) {
      asker.cancelled = true;
      line.splice(line.indexOf(asker), 1);
    }
    settle();
  };
  const release = (asker: Asker | undefined): void => {
    if (asker?.permit === undefined) return;
    asker.permit.release();
    asker.permit.release();
    if (holders.includes(asker)) holders.splice(holders.indexOf(asker), 1);
    settle();
  };
  const compare = (): void => check(subject.expected(holders, line.length), subject.statistics());
  const open = (): Asker[] => askers.filter((asker) => !asker.cancelled);

  for (const step of plan) {
    const pick = step.op === "flush" ? 0 : step.pick;
    if (step.op === "ask") ask(pick % subject.sides.length);
    if (step.op === "try") attempt(pick % subject.sides.length);
    if (step.op === "cancel") cancel(line[pick % Math.max(1, line.length)] ?? open()[pick]);
    if (step.op === "release") release(holders[pick % Math.max(1, holders.length)]);
    if (step.op === "number") {
      subject.number?.(pick);
      settle();
    }
    if (step.op === "flush") await waitAllTasksBlocked();
    compare();
  }
  await waitAllTasksBlocked();
  // Whoever has a permit by the model has it in fact, and nobody else.
  for (const asker of askers) check(asker.has, asker.permit !== undefined);
  for (const asker of [...line]) cancel(asker);
  for (const asker of [...holders]) release(asker);
  compare();
  return askers;
}
