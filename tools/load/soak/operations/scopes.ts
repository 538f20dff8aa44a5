import {
  abortable,
  CancelScope,
  checkpoint,
  currentEffectiveDeadline,
  currentSignal,
  failAfter,
  isError,
  isTimeout,
  moveOnAfter,
  on,
  once,
  openTaskGroup,
  resource,
  safeChannel,
  shield,
  sleep,
  sleepForever,
  taskGroup,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT, moment } from "../cut.ts";
import { check, checkEqual, outcomeOf } from "../fault.ts";

const ITEMS = 5;
const FAILURE = new Error("planned");

/** What scopes and what is lent promise: a shield holds, timeouts nest, and clean-up runs. */
export const scopes: readonly Operation[] = operations("scope", {
  shield: shielded,
  timeouts,
  abortable: foreign,
  resource: lent,
  "safe channel": channel,
  events,
});

/** C12: what is shielded runs to its end. */
async function shielded(act: Act): Promise<void> {
  let began = 0;
  let ended = 0;
  await act.cut(async () => {
    await moment(act.random);
    await shield(async () => {
      began++;
      await moment(act.random);
      await taskGroup((group) => void group.spawn(() => moment(act.random)));
      ended++;
    });
    await checkpoint();
  });
  checkEqual(ended, began, "the number of shielded blocks that came to their end");
}

/** C11, C13, C14. */
async function timeouts(act: Act): Promise<void> {
  await act.cut(async () => {
    const [outer, inner] = [act.random.below(6), act.random.below(6)];
    const outcome = await moveOnAfter(outer, async () => {
      const before = currentEffectiveDeadline();
      await failAfter(inner, () => {
        check(currentEffectiveDeadline() <= before, "an inner deadline is later than the outer one");
        return sleep(act.random.below(6));
      }).catch((error: unknown) => {
        if (!isTimeout(error)) throw error;
      });
      return "ended";
    });
    check(outcome === undefined || outcome === "ended", `a block gives ${String(outcome)}`);
    const moved = new CancelScope({ timeout: 1 });
    await moved.run(() => {
      moved.deadline = Infinity;
      return moment(act.random);
    });
    checkEqual(moved.cancelCalled, false, "whether a deadline that was moved away cancels");
  });
}

/** C18. */
async function foreign(act: Act): Promise<void> {
  const fails = act.random.chance(0.5);
  let settle = (): void => {};
  const promise = new Promise<number>((resolve, reject) => {
    settle = () => (fails ? reject(FAILURE) : resolve(7));
  });
  let isGiven = false;
  const outcome = act.cut(async (options) => {
    isGiven = true;
    currentSignal();
    return abortable(promise, options);
  });
  const told = outcomeOf(() => outcome);
  await moment(act.random);
  // Cut before it began: then nobody has the promise, and its rejection is this program's.
  if (!isGiven) promise.catch(() => {});
  settle();
  const end = await told;
  check(end === CUT || end === (fails ? FAILURE : 7), `abortable gives ${String(end)}`);
}

/** T17. */
async function lent(act: Act): Promise<void> {
  let opened = 0;
  let closed = 0;
  const lend = resource(async function* () {
    await using group = openTaskGroup();
    group.spawn(() => sleepForever());
    await moment(act.random);
    opened++;
    try {
      yield opened;
    } finally {
      await moment(act.random);
      closed++;
    }
  });
  await act.cut(() =>
    lend(async (value) => {
      checkEqual(value, 1, "what is lent");
      await moment(act.random);
    }),
  );
  checkEqual(closed, opened, "the number of resources that were closed");
}

async function channel(act: Act): Promise<void> {
  let cleaned = 0;
  let begun = 0;
  const count = safeChannel(async function* () {
    begun++;
    try {
      for (let number = 0; number < ITEMS; number++) {
        await moveOnAfter(3, () => moment(act.random));
        yield number;
      }
    } finally {
      await shield(() => moment(act.random));
      cleaned++;
    }
  });
  if (act.random.chance(0.5)) await act.cut(() => count((items) => items.receive()));
  else
    await count(async (items) => {
      for (let number = 0; number < ITEMS; number++)
        checkEqual(await act.insist((options) => items.receive(options)), number, "the item");
      const end = await outcomeOf(() => items.receive());
      check(isError(end, "EndOfStream"), `after the last item comes ${String(end)}`);
    });
  checkEqual(cleaned, begun, "the number of generators that were cleaned up");
}

async function events(act: Act): Promise<void> {
  const target = new EventTarget();
  await taskGroup(async (group) => {
    const first = group.spawn(() => act.cut((options) => once(target, "tick", options)));
    const rest = group.spawn(() =>
      act.cut(async (options) => {
        let count = 0;
        for await (const _ of on(target, "tick", options)) if (++count === 3) break;
        return count;
      }),
    );
    for (let tick = 0; tick < 3; tick++) {
      await moment(act.random);
      await checkpoint();
      target.dispatchEvent(new Event("tick"));
    }
    await moment(act.random);
    first.cancel();
    rest.cancel();
  });
}
