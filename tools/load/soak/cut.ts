import {
  CancelScope,
  checkpoint,
  failAfter,
  isCancelled,
  isTimeout,
  leaves,
  moveOnAfter,
  sleep,
  split,
  taskGroup,
  type WaitOptions,
} from "arborio";
import type { Random } from "./random.ts";

/** Instead of a value: the call was cut before it had one. */
export const CUT: unique symbol = Symbol("cut");

/** Work that may be cut. The options are for its waits. */
export type Work<T> = (options: WaitOptions) => PromiseLike<T> | T;

type Outcome<T> = { readonly value: T } | { readonly error: unknown };
type Body<T> = (options?: WaitOptions) => Promise<Outcome<T>>;

/** Runs a body under a cancel at a random moment; undefined if it was cut. */
type Cut = <T>(body: Body<T>, random: Random) => Promise<Outcome<T> | undefined>;

/** Ms until a cancel, at most. */
const LONGEST = 5;

/** A cancel as one that an operation may see. */
class Planned extends Error {}

const kinds = {
  deadline: (body, random) => moveOnAfter(random.below(LONGEST), (scope) => body(own(scope, random))),
  /** It passes while code runs, so that the next look at the clock sees it. */
  "passing deadline": (body, random) => moveOnAfter(random.below(0.4), () => body()),
  timeout: async (body, random) => {
    try {
      return await failAfter(random.below(LONGEST), () => body());
    } catch (error) {
      if (isTimeout(error)) return undefined;
      throw error;
    }
  },
  "other task": async (body, random) => {
    const scope = new CancelScope();
    return meanwhile(
      random,
      () => scope.cancel("soak"),
      () => scope.run(() => body(own(scope, random))),
    );
  },
  "before the call": async (body) => {
    const scope = new CancelScope();
    scope.cancel("soak");
    return scope.run(() => body());
  },
  sibling: async <T>(body: Body<T>, random: Random) => {
    let outcome: Outcome<T> | undefined;
    try {
      await taskGroup(async (group) => {
        group.spawn(async () => void (outcome = await body()));
        await moment(random);
        throw new Planned();
      });
    } catch (error) {
      const [, others] = split(error, (one) => one instanceof Planned);
      if (others !== undefined) throw others;
    }
    return outcome;
  },
  "signal of the scope": (body, random) =>
    abortedMeanwhile(random, (signal) => new CancelScope().run(() => body(), { signal })),
  "signal of the call": (body, random) => abortedMeanwhile(random, (signal) => body({ signal })),
} satisfies Record<string, Cut>;

export type CutKind = keyof typeof kinds | "none";

/** All kinds but none. */
export const cuts = Object.keys(kinds) as readonly Exclude<CutKind, "none">[];

/** Runs work under a cancel of a kind; gives {@link CUT} if that came first. */
export async function cut<T>(
  kind: CutKind,
  random: Random,
  work: Work<T>,
  options: WaitOptions,
): Promise<T | typeof CUT> {
  if (kind === "none") return work(options);
  // What the work throws must not look like what the cancel throws, so it does not pass through it.
  const body: Body<T> = async (own = options) => {
    try {
      return { value: await work(own) };
    } catch (error) {
      if (isCancelled(error) || isAbortOf(error, own.signal)) throw error;
      return { error };
    }
  };
  const outcome = await kinds[kind](body, random);
  if (outcome === undefined) return CUT;
  if ("error" in outcome) throw outcome.error;
  return outcome.value;
}

/** A random moment: none to some turns from now, or some ms. */
export async function moment(random: Random): Promise<void> {
  if (random.chance(0.5)) return sleep(random.below(LONGEST));
  for (let left = random.whole(0, 6); left > 0; left--) await checkpoint();
}

/** The scope's own signal, at times, as where there is no ambient context. */
function own(scope: { readonly signal: AbortSignal }, random: Random): WaitOptions | undefined {
  return random.chance(0.3) ? { signal: scope.signal } : undefined;
}

/** Does something at a random moment while a function runs, if that runs so long. */
function meanwhile<T>(random: Random, act: () => void, run: () => Promise<T>): Promise<T> {
  return taskGroup(async (group) => {
    group.spawn(() => moment(random).then(act), { daemon: true });
    return run();
  });
}

async function abortedMeanwhile<T>(
  random: Random,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T | undefined> {
  const controller = new AbortController();
  const { signal } = controller;
  try {
    let failure: { readonly error: unknown } | undefined;
    const value = await meanwhile(
      random,
      () => controller.abort(new Planned()),
      () => run(signal).catch((error: unknown) => void (failure = { error })),
    );
    if (failure !== undefined) throw failure.error;
    return value;
  } catch (error) {
    if (isAbortOf(error, signal)) return undefined;
    throw error;
  }
}

function isAbortOf(error: unknown, signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true && leaves(error).every((leaf) => leaf === signal.reason);
}
