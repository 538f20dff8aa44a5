import {
  AsyncEvent,
  Barrier,
  CapacityLimiter,
  Condition,
  currentTime,
  Future,
  isError,
  Lock,
  RateLimiter,
  ReadWriteLock,
  ResourceGuard,
  Semaphore,
  sleep,
  taskGroup,
  type Governor,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT, moment } from "../cut.ts";
import { check, checkEqual, outcomeOf } from "../fault.ts";

const TASKS = 5;
const ROUNDS = 4;

/** What the primitives promise: they exclude, and what was taken comes back, whatever is cancelled. */
export const sync: readonly Operation[] = operations("sync", {
  lock: async (act) => {
    const lock = new Lock();
    await exclude(act, lock, 1);
    checkEqual(lock.locked, false, "the lock's state");
    checkEqual(lock.statistics().tasksWaiting, 0, "the number of waiting tasks");
  },
  semaphore: async (act) => {
    const semaphore = new Semaphore(2, { maxValue: 2 });
    await exclude(act, semaphore, 2);
    checkEqual(semaphore.value, 2, "the semaphore's value");
    checkEqual(semaphore.statistics().tasksWaiting, 0, "the number of waiting tasks");
  },
  limiter: async (act) => {
    const limiter = new CapacityLimiter(2);
    await exclude(act, limiter, 2);
    checkEqual(limiter.borrowedTokens, 0, "the number of borrowed tokens");
    checkEqual(limiter.statistics().tasksWaiting, 0, "the number of waiting tasks");
  },
  "limiter for borrowers": borrowers,
  "read/write lock": (act) => readWrite(act, new ReadWriteLock()),
  "all workers' lock": (act) => pass(act, act.world.lock),
  "all workers' semaphore": (act) => pass(act, act.world.semaphore),
  "all workers' limiter": (act) => pass(act, act.world.limiter),
  "all workers' read/write lock": (act) =>
    pass(act, act.random.chance(0.7) ? act.world.readWrite.read : act.world.readWrite.write),
  condition,
  event,
  barrier,
  future,
  "rate limiter": rate,
  "resource guard": guard,
});

/** Many tasks go through a governor, under cancels: never more than `most` are inside. */
async function exclude(act: Act, governor: Governor, most: number): Promise<void> {
  let inside = 0;
  await contend(act, async () => {
    await through(act, governor, async () => {
      inside++;
      check(inside <= most, `${String(inside)} are inside, and ${String(most)} may be`);
      try {
        await moment(act.random);
      } finally {
        inside--;
      }
    });
  });
  checkEqual(inside, 0, "the number of those inside");
}

/** By a permit, which is taken under a cancel and then held without; or all of it under one. */
async function through(act: Act, governor: Governor, use: () => Promise<void>): Promise<void> {
  if (act.random.chance(0.5)) {
    await act.cut((options) => governor.with(use, options));
    return;
  }
  const permit = act.random.chance(0.2)
    ? governor.tryAcquire()
    : await act.cut((options) => governor.acquire(options));
  if (permit === CUT || permit === undefined) return;
  try {
    await use();
  } finally {
    permit.release();
  }
}

function pass(act: Act, governor: Governor): Promise<void> {
  return through(act, governor, () => moment(act.random));
}

function contend({ random }: Act, use: () => Promise<void>): Promise<void> {
  return taskGroup((group) => {
    for (let task = 0; task < TASKS; task++)
      group.spawn(async () => {
        for (let round = 0; round < ROUNDS; round++) {
          if (random.chance(0.3)) await moment(random);
          await use();
        }
      });
  });
}

async function borrowers(act: Act): Promise<void> {
  const limiter = new CapacityLimiter(2);
  await contend(act, async () => {
    const borrower = Symbol("borrower");
    const permit = await act.cut((options) => limiter.acquireOnBehalfOf(borrower, options));
    if (act.random.chance(0.1)) limiter.totalTokens = act.random.whole(1, 3);
    if (permit === CUT) return;
    check(limiter.statistics().borrowers.includes(borrower), "who borrowed is no borrower");
    await moment(act.random);
    permit.release();
  });
  checkEqual(limiter.borrowedTokens, 0, "the number of borrowed tokens");
}

async function readWrite(act: Act, lock: ReadWriteLock): Promise<void> {
  let readers = 0;
  let writers = 0;
  await contend(act, async () => {
    const writes = act.random.chance(0.4);
    await through(act, writes ? lock.write : lock.read, async () => {
      if (writes) writers++;
      else readers++;
      check(
        writers === 0 || (writers === 1 && readers === 0),
        `${String(writers)} write, ${String(readers)} read`,
      );
      try {
        await moment(act.random);
      } finally {
        if (writes) writers--;
        else readers--;
      }
    });
  });
  const { readers: reading, writing, tasksWaiting } = lock.statistics();
  check(reading === 0 && !writing && tasksWaiting === 0, "the read/write lock is not free");
}

/** Consumers wait, under cancels, until there is something; the lock is theirs afterwards. */
async function condition(act: Act): Promise<void> {
  const filled = new Condition();
  let items = 0;
  let made = 0;
  let taken = 0;
  let inside = 0;
  const enter = (): void => check(++inside === 1, "two are inside the condition's lock");
  await taskGroup((group) => {
    for (let task = 0; task < TASKS; task++)
      group.spawn(async () => {
        for (let round = 0; round < ROUNDS; round++)
          await act.cut((options) =>
            filled.with(async (permit) => {
              enter();
              try {
                while (items === 0) {
                  inside--;
                  try {
                    await filled.wait(permit, options);
                  } finally {
                    enter();
                  }
                }
                items--;
                taken++;
              } finally {
                inside--;
              }
            }, options),
          );
      });
    group.spawn(async () => {
      for (let round = 0; round < TASKS * ROUNDS; round++) {
        if (act.random.chance(0.3)) await moment(act.random);
        await filled.with(() => {
          enter();
          items++;
          made++;
          inside--;
          if (act.random.chance(0.5)) filled.notify();
          else filled.notifyAll();
        });
      }
    });
  });
  checkEqual(items, made - taken, "the number of items");
  const { tasksWaiting, lock } = filled.statistics();
  check(tasksWaiting === 0 && !lock.locked && lock.tasksWaiting === 0, "the condition is not free");
}

async function event(act: Act): Promise<void> {
  const event = new AsyncEvent();
  await taskGroup(async (group) => {
    for (let task = 0; task < TASKS; task++)
      group.spawn(async () => {
        const outcome = await act.cut((options) => event.wait(options));
        check(outcome === CUT || event.isSet, "who waits for an event goes on before it");
      });
    await moment(act.random);
    event.set();
  });
  checkEqual(event.statistics().tasksWaiting, 0, "the number of waiting tasks");
}

/** A party that is cut leaves as if it had not come; who goes on goes on with all others. */
async function barrier(act: Act): Promise<void> {
  const barrier = new Barrier(TASKS);
  const places: number[] = [];
  await taskGroup((group) => {
    for (let task = 0; task < TASKS; task++)
      group.spawn(async () => {
        places.push(await act.insist((options) => barrier.wait(options)));
      });
  });
  checkEqual(places.toSorted().join(" "), "0 1 2 3 4", "the places");
  await taskGroup(async (group) => {
    const late = group.spawn(() => outcomeOf(() => act.cut((options) => barrier.wait(options))));
    await moment(act.random);
    if (act.random.chance(0.5)) barrier.abort();
    else barrier.reset();
    const outcome = await Promise.race([late.result(), sleep(0)]);
    check(
      outcome === CUT || outcome === undefined || isError(outcome, "BrokenBarrierError"),
      `who waits at a broken barrier gets ${String(outcome)}`,
    );
    late.cancel();
  });
  checkEqual(barrier.statistics().tasksWaiting, 0, "the number of waiting tasks");
}

async function future(act: Act): Promise<void> {
  const future = new Future<number>();
  const failure = new Error("planned");
  const ending = act.random.pick(["set", "fail", "cancel"] as const);
  await taskGroup(async (group) => {
    for (let task = 0; task < TASKS; task++)
      group.spawn(async () => {
        const outcome = await act
          .cut((options) => future.result(options))
          .catch((error: unknown) => (isError(error, "FutureFailed") ? error.cause : error));
        const right =
          ending === "set"
            ? outcome === 7
            : ending === "fail"
              ? outcome === failure
              : isError(outcome, "FutureCancelled");
        check(outcome === CUT || right, `who waits for a future gets ${String(outcome)}`);
      });
    await moment(act.random);
    if (ending === "set") future.set(7);
    else if (ending === "fail") future.fail(failure);
    else future.cancel();
  });
  checkEqual(future.statistics().tasksWaiting, 0, "the number of waiting tasks");
}

async function rate(act: Act): Promise<void> {
  const [tokens, interval, burst] = [1, 2, 3];
  const limiter = new RateLimiter(tokens, interval, { burst });
  const began = currentTime();
  let taken = 0;
  await contend(act, async () => {
    if ((await act.cut((options) => limiter.acquire(options))) !== CUT) taken++;
  });
  const most = burst + ((currentTime() - began) * tokens) / interval + 1;
  check(taken <= most, `${String(taken)} tokens were taken of ${String(most)}`);
  checkEqual(limiter.statistics().tasksWaiting, 0, "the number of waiting tasks");
}

async function guard(act: Act): Promise<void> {
  const guard = new ResourceGuard();
  await contend(act, async () => {
    await act
      .cut(() => guard.with(() => moment(act.random)))
      .catch((error: unknown) => check(isError(error, "BusyResourceError"), String(error)));
  });
  checkEqual(guard.statistics().busy, false, "the guard's state");
}
