import {
  abortable,
  boundedSpawn,
  CancelScope,
  cancelAndWait,
  checkpoint,
  currentEffectiveDeadline,
  currentSignal,
  failAfter,
  isError,
  isTimeout,
  leaves,
  moveOnAfter,
  on,
  once,
  openTaskGroup,
  resource,
  safeChannel,
  shield,
  sleep,
  sleepForever,
  supervisedGroup,
  taskGroup,
  type StartingTask,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT, moment } from "../cut.ts";
import { check, checkEqual, outcomeOf } from "../fault.ts";

const TASKS = 5;
const FAILURE = new Error("planned");

/** Counts what lives, to see that nothing outlives its block. */
class Living {
  count = 0;
  #most = 0;

  get most(): number {
    return this.#most;
  }

  /** A life of some moments, with a clean-up that waits, at times. */
  live = async (act: Act): Promise<void> => {
    this.count++;
    this.#most = Math.max(this.#most, this.count);
    try {
      await moment(act.random);
      await moment(act.random);
    } finally {
      if (act.random.chance(0.2)) await shield(() => checkpoint());
      this.count--;
    }
  };

  check(): void {
    checkEqual(this.count, 0, "the number of tasks that live after their block");
  }
}

/** What groups and scopes promise: nothing outlives its block, no error is lost, and clean-up runs. */
export const groups: readonly Operation[] = operations("group", {
  tasks,
  failures,
  start,
  daemons,
  supervised,
  open,
  "cancel and wait": cancelOne,
  "bounded spawn": bounded,
  shield: shielded,
  timeouts,
  abortable: foreign,
  resource: lent,
  "safe channel": channel,
  events,
});

/** T1. */
async function tasks(act: Act): Promise<void> {
  const living = new Living();
  await act.cut((options) =>
    taskGroup((group) => {
      for (let task = 0; task < TASKS; task++)
        group.spawn(async () => {
          await taskGroup((inner) => {
            inner.spawn(() => living.live(act));
            inner.spawn(() => living.live(act));
          });
        });
    }, options),
  );
  living.check();
}

/** T2: the first failure cancels the rest; all errors come out, each once. */
async function failures(act: Act): Promise<void> {
  const living = new Living();
  const thrown: unknown[] = [];
  const failing = async (): Promise<void> => {
    const fails = act.random.chance(0.2);
    await living.live(act).catch((error: unknown) => {
      // The clean-up of one that was cancelled.
      if (!fails) throw error;
    });
    if (!fails) return;
    const error = new Error("planned");
    thrown.push(error);
    throw error;
  };
  const caught = await act
    .cut((options) =>
      taskGroup((group) => {
        for (let task = 0; task < TASKS; task++) group.spawn(failing);
      }, options),
    )
    .then(
      () => [],
      (error: unknown) => leaves(error),
    );
  living.check();
  checkEqual(caught.length, thrown.length, "the number of errors that came out");
  check(new Set([...caught, ...thrown]).size === thrown.length, "other errors came out than were thrown");
}

/** T5. */
async function start(act: Act): Promise<void> {
  const living = new Living();
  const child = async (task: StartingTask<number>): Promise<void> => {
    living.count++;
    try {
      await moment(act.random);
      task.started(7);
      await moment(act.random);
    } finally {
      living.count--;
    }
  };
  await taskGroup(async (group) => {
    for (let task = 0; task < TASKS; task++) {
      const value = await act.cut((options) => group.start<number>(child, options));
      check(value === CUT || value === 7, `start gives ${String(value)}`);
    }
  });
  living.check();
}

/** T15. */
async function daemons(act: Act): Promise<void> {
  const living = new Living();
  await act.cut((options) =>
    taskGroup((group) => {
      group.spawn(
        async () => {
          living.count++;
          try {
            await sleepForever();
          } finally {
            living.count--;
          }
        },
        { daemon: true },
      );
      group.spawn(() => living.live(act));
    }, options),
  );
  living.check();
}

/** T16. */
async function supervised(act: Act): Promise<void> {
  const living = new Living();
  const told: unknown[] = [];
  let thrown = 0;
  await act.cut((options) =>
    supervisedGroup(
      (group) => {
        for (let task = 0; task < TASKS; task++)
          group.spawn(async () => {
            await living.live(act);
            if (act.random.chance(0.5)) return;
            thrown++;
            throw new Error("planned");
          });
      },
      (error) => void told.push(error),
      options,
    ),
  );
  living.check();
  checkEqual(told.length, thrown, "the number of errors that were told");
}

/** T14. */
async function open(act: Act): Promise<void> {
  const living = new Living();
  const work = async (): Promise<void> => {
    await using group = openTaskGroup();
    for (let task = 0; task < TASKS; task++) group.spawn(() => living.live(act));
    await moment(act.random);
    if (act.random.chance(0.7)) await group.join();
  };
  await act.cut(work);
  living.check();
  const group = openTaskGroup();
  group.spawn(() => living.live(act));
  await act.insist((options) => group.join(options));
  living.check();
}

async function cancelOne(act: Act): Promise<void> {
  const living = new Living();
  await taskGroup(async (group) => {
    const task = group.spawn(() => living.live(act));
    await act.cut((options) => cancelAndWait(task, "soak", options));
    await task.wait();
    check(task.status === "cancelled" || task.status === "finished", `the task is ${task.status}`);
  });
  living.check();
}

async function bounded(act: Act): Promise<void> {
  const living = new Living();
  await taskGroup(async (group) => {
    const spawn = boundedSpawn(group, 2);
    for (let task = 0; task < TASKS; task++)
      await act.cut((options) => spawn(() => living.live(act), options));
  });
  check(living.most <= 2, `${String(living.most)} ran at once`);
  living.check();
}

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
  const outcome = act.cut(async (options) => {
    currentSignal();
    return abortable(promise, options);
  });
  const told = outcomeOf(() => outcome);
  await moment(act.random);
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
      for (let number = 0; number < TASKS; number++) {
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
      for (let number = 0; number < TASKS; number++)
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
