import {
  boundedSpawn,
  cancelAndWait,
  checkpoint,
  leaves,
  openTaskGroup,
  shield,
  sleepForever,
  supervisedGroup,
  taskGroup,
  type StartingTask,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT, moment } from "../cut.ts";
import { check, checkEqual } from "../fault.ts";

const TASKS = 5;

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

/** What groups promise: nothing outlives its block, and no error is lost. */
export const groups: readonly Operation[] = operations("group", {
  tasks,
  failures,
  start,
  daemons,
  supervised,
  open,
  "cancel and wait": cancelOne,
  "bounded spawn": bounded,
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
