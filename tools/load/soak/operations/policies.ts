import {
  all,
  allSettled,
  any,
  asCompleted,
  first,
  forEach,
  leaves,
  map,
  race,
  retry,
  staggered,
  type TaskFunction,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT, moment } from "../cut.ts";
import { check, checkEqual } from "../fault.ts";

const FUNCTIONS = 4;

/** What policies promise: losers have ended when they give what they give. */
export const policies: readonly Operation[] = operations("policy", {
  race: policy((fns, options) => race(fns, options)),
  any: policy((fns, options) => any(fns, options)),
  first: policy((fns, options) => first(fns, options)),
  staggered: policy((fns, options) => staggered(fns, { delay: 1, ...options })),
  "as completed": policy((fns, options) =>
    asCompleted(
      fns,
      async (tasks) => {
        for await (const task of tasks) return task.result();
        return undefined;
      },
      options,
    ),
  ),
  all: async (act) => {
    await run(act, async (fns, options) => {
      checkEqual((await all(fns, options)).join(" "), "0 1 2 3", "what all give");
    });
  },
  "all settled": async (act) => {
    await run(act, async (fns, options) => {
      checkEqual((await allSettled(fns, options)).length, FUNCTIONS, "the number of outcomes");
    });
  },
  map: async (act) => {
    await run(act, async (fns, options) => {
      const values = await map(items(act, fns), (fn, task) => fn(task), { limit: 2, ...options });
      checkEqual(values.join(" "), "0 1 2 3", "what map gives");
    });
  },
  "for each": async (act) => {
    await run(act, (fns, options) =>
      forEach(items(act, fns), (fn, task) => fn(task), { limit: 2, ...options }),
    );
  },
  retry: async (act) => {
    await run(act, async ([fn], options) => {
      await retry(() => fn!(undefined as never), { attempts: 3, delay: 1, ...options });
    });
  },
});

type Functions = readonly TaskFunction<number>[];
type Use = (fns: Functions, options: { readonly signal?: AbortSignal | undefined }) => Promise<unknown>;

/** One of whose functions decides. */
function policy(use: Use): Operation["run"] {
  return async (act) => {
    const outcome = await run(act, use);
    if (outcome !== CUT && outcome !== FAILED)
      check(typeof outcome === "number" && outcome < FUNCTIONS, `the policy gives ${String(outcome)}`);
  };
}

const FAILED = Symbol("failed");

/** Runs a policy with functions that may fail, under a cancel. */
async function run(act: Act, use: Use): Promise<unknown> {
  let living = 0;
  const failure = new Error("planned");
  const fails = act.random.chance(0.3);
  const fns = Array.from({ length: FUNCTIONS }, (_, number) => async () => {
    living++;
    try {
      await moment(act.random);
      if (fails && act.random.chance(0.5)) throw failure;
      return number;
    } finally {
      living--;
    }
  });
  const outcome = await act
    .cut((options) => use(fns, options))
    .catch((error: unknown) => {
      if (!leaves(error).every((leaf) => leaf === failure)) throw error;
      return FAILED;
    });
  checkEqual(living, 0, "the number of functions that run after their policy");
  return outcome;
}

/** As an iterable, of either kind; the asynchronous one is ended in order. */
function items<T>(act: Act, from: readonly T[]): Iterable<T> | AsyncIterable<T> {
  return act.random.chance(0.5) ? from : slowly(act, from);
}

async function* slowly<T>({ random }: Act, from: readonly T[]): AsyncGenerator<T> {
  for (const item of from) {
    if (random.chance(0.3)) await moment(random);
    yield item;
  }
}
