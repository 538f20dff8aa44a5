// Each primitive beside a model of it, under random steps and cancellations.
import { currentTime, isCancelled, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import {
  AsyncEvent,
  Barrier,
  CapacityLimiter,
  Condition,
  Future,
  Lock,
  RateLimiter,
  ReadWriteLock,
  Semaphore,
} from "@arborio/sync";
import { simulate } from "@arborio/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { drive, RUNS, seeds, steps, type Subject } from "./models.ts";

const subjects: Readonly<Record<string, () => Subject>> = {
  Lock: () => {
    const lock = new Lock();
    return {
      sides: [lock],
      room: (_, holders) => holders.length === 0,
      expected: (holders, tasksWaiting) => ({ locked: holders.length > 0, tasksWaiting }),
      statistics: () => lock.statistics(),
    };
  },
  "Semaphore with bare releases": () => {
    let total = 2;
    const semaphore = new Semaphore(total);
    return {
      sides: [semaphore],
      room: (_, holders) => holders.length < total,
      number: () => {
        total++;
        semaphore.release();
      },
      expected: (holders, tasksWaiting) => ({ value: total - holders.length, tasksWaiting }),
      statistics: () => semaphore.statistics(),
    };
  },
  "CapacityLimiter whose total changes": () => {
    let total = 1;
    const limiter = new CapacityLimiter(total);
    return {
      sides: [limiter],
      room: (_, holders) => holders.length < total,
      number: (pick) => {
        total = pick === 9 ? Infinity : pick % 5;
        limiter.totalTokens = total;
      },
      expected: (holders, tasksWaiting) => ({
        totalTokens: total,
        borrowedTokens: holders.length,
        borrowers: [],
        tasksWaiting,
      }),
      statistics: () => limiter.statistics(),
    };
  },
  ReadWriteLock: () => {
    const lock = new ReadWriteLock();
    const writes = ({ side }: { readonly side: number }): boolean => side === 2;
    return {
      sides: [lock.read, lock.read, lock.write],
      room: (side, holders) => (side === 2 ? holders.length === 0 : !holders.some(writes)),
      expected: (holders, tasksWaiting) => ({
        readers: holders.filter((holder) => !writes(holder)).length,
        writing: holders.some(writes),
        tasksWaiting,
      }),
      statistics: () => lock.statistics(),
    };
  },
};

test.each(Object.entries(subjects))(
  "S1, C5: %s gives permits to those, and only those, to whom its model does",
  async (_, make) => {
    const property = fc.asyncProperty(steps, seeds, async (plan, seed) => {
      await simulate(() => drive(make(), plan, (expected, actual) => expect(actual).toEqual(expected)), {
        seed,
      });
    });
    await fc.assert(property, RUNS);
  },
);

type WaitStep = { readonly op: "wait" | "flush" } | { readonly op: "cancel" | "act"; readonly pick: number };

const waitSteps: fc.Arbitrary<WaitStep[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ op: fc.constant("wait" as const) }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constantFrom("cancel", "act"), pick: fc.nat(9) }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant("flush" as const) }) },
  ),
  { maxLength: 40 },
);

/** One who waits, what should become of it, and what did. */
interface WaiterRecord {
  readonly scope: CancelScope;
  outcome: unknown;
  seen: unknown;
}

/** Something that is waited for, beside its model, which keeps the line of those who wait. */
interface Waited {
  readonly wait: () => Promise<unknown>;
  /** Someone came: who need not wait leaves the line. */
  readonly joined?: (line: WaiterRecord[]) => void;
  /** Does something to it, and to the line. */
  readonly act: (pick: number, line: WaiterRecord[]) => void;
  readonly waiting: () => number;
}

/** Takes steps on it, in a simulation. */
async function driveWaits(plan: readonly WaitStep[], { wait, joined, act, waiting }: Waited): Promise<void> {
  const all: WaiterRecord[] = [];
  const line: WaiterRecord[] = [];
  for (const step of plan) {
    if (step.op === "wait") {
      const record: WaiterRecord = { scope: new CancelScope(), outcome: undefined, seen: undefined };
      all.push(record);
      line.push(record);
      void record.scope.run(() =>
        wait().then(
          (value) => (record.seen = value),
          (error: unknown) => {
            record.seen = isCancelled(error) ? "cancelled" : (error as { code: string }).code;
          },
        ),
      );
      joined?.(line);
    }
    if (step.op === "cancel") {
      const [record] = line.splice(step.pick % Math.max(1, line.length), 1);
      record?.scope.cancel();
      if (record !== undefined) record.outcome = "cancelled";
    }
    if (step.op === "act") act(step.pick, line);
    if (step.op === "flush") {
      await waitAllTasksBlocked();
      expect(waiting()).toBe(line.length);
    }
  }
  for (const record of line.splice(0)) {
    record.scope.cancel();
    record.outcome = "cancelled";
  }
  await waitAllTasksBlocked();
  expect(all.map(({ seen }) => seen)).toEqual(all.map(({ outcome }) => outcome));
  expect(waiting()).toBe(0);
}

const settleAll = (line: WaiterRecord[], outcome: unknown): void => {
  for (const record of line.splice(0)) record.outcome = outcome;
};

const waited: Readonly<Record<string, (parties: number) => Waited>> = {
  AsyncEvent: () => {
    const event = new AsyncEvent();
    return {
      wait: () => event.wait().then(() => "woken"),
      joined: (line) => {
        if (event.isSet) settleAll(line, "woken");
      },
      act: (pick, line) => {
        if (pick > 2) return;
        event.set();
        settleAll(line, "woken");
      },
      waiting: () => event.statistics().tasksWaiting,
    };
  },
  Future: () => {
    const future = new Future<number>();
    let outcome: unknown;
    return {
      wait: () => future.result(),
      joined: (line) => {
        if (outcome !== undefined) settleAll(line, outcome);
      },
      act: (pick, line) => {
        const settle = [() => future.set(0), () => future.fail("no"), () => future.cancel()][pick];
        if (settle === undefined) return;
        expect(throws(settle)).toBe(outcome !== undefined && pick < 2);
        outcome ??= [0, "ERR_FUTURE_FAILED", "ERR_FUTURE_CANCELLED"][pick];
        settleAll(line, outcome);
      },
      waiting: () => future.statistics().tasksWaiting,
    };
  },
  Barrier: (parties) => {
    const barrier = new Barrier(parties);
    return {
      wait: () => barrier.wait(),
      joined: (line) => {
        if (barrier.broken) settleAll(line, "ERR_BROKEN_BARRIER");
        if (line.length < parties) return;
        for (const [index, record] of line.splice(0).entries()) record.outcome = index;
      },
      act: (pick, line) => {
        if (pick > 2) return;
        if (pick === 0) barrier.abort();
        else barrier.reset();
        settleAll(line, "ERR_BROKEN_BARRIER");
      },
      waiting: () => barrier.statistics().tasksWaiting,
    };
  },
  Condition: () => {
    const condition = new Condition();
    return {
      wait: () => condition.with((permit) => condition.wait(permit)).then(() => "notified"),
      act: (pick, line) => {
        const permit = condition.lock.tryAcquire();
        expect(permit).toBeDefined();
        const count = pick === 9 ? line.length : pick % 4;
        if (pick === 9) condition.notifyAll();
        else condition.notify(count);
        permit?.release();
        settleAll(line.splice(0, count), "notified");
      },
      waiting: () => {
        const { tasksWaiting, lock } = condition.statistics();
        return lock.locked ? NaN : tasksWaiting;
      },
    };
  },
};

test.each(Object.entries(waited))(
  "C5, S3: %s wakes those, and only those, whom its model does, and loses no wake-up",
  async (name, make) => {
    const property = fc.asyncProperty(
      waitSteps,
      fc.integer({ min: 1, max: 4 }),
      seeds,
      async (plan, parties, seed) => {
        // A condition's wait begins some turns after the call: there each step is taken to its end.
        const whole =
          name === "Condition" ? plan.flatMap((step): WaitStep[] => [step, { op: "flush" }]) : plan;
        await simulate(() => driveWaits(whole, make(parties)), { seed });
      },
    );
    await fc.assert(property, RUNS);
  },
);

function throws(fn: () => void): boolean {
  try {
    fn();
    return false;
  } catch {
    return true;
  }
}

test("S1: RateLimiter gives tokens at the times, and in the order, of its model", async () => {
  const plan = fc.array(
    fc.record({ at: fc.nat(500), patience: fc.option(fc.nat(300), { nil: undefined }) }),
    { maxLength: 15 },
  );
  const numbers = fc.record({
    pace: fc.integer({ min: 1, max: 100 }),
    burst: fc.integer({ min: 1, max: 4 }),
  });
  const property = fc.asyncProperty(plan, numbers, seeds, async (asks, { pace, burst }, seed) => {
    // Each asks in a ms of its own, and gives up between two.
    const line = asks
      .toSorted((a, b) => a.at - b.at)
      .map((ask, index) => ({ ...ask, at: ask.at + index * 501 }));
    const seen = await simulate(
      async () => {
        const limiter = new RateLimiter(1, pace, { burst });
        const began = currentTime();
        return taskGroup(async (group) => {
          const tasks = line.map(({ at, patience }) =>
            group.spawn(async () => {
              await sleep(at);
              const scope = patience === undefined ? Infinity : patience + 0.5;
              return moveOnAfter(scope, () =>
                limiter.acquire().then(() => Math.round(currentTime() - began)),
              );
            }),
          );
          const times: (number | undefined)[] = [];
          for (const task of tasks) times.push(await task.result());
          return times;
        });
      },
      { seed },
    );
    expect(seen).toEqual(modelTimes(line, pace, burst));
  });
  await fc.assert(property, RUNS);
});

interface Ask {
  readonly at: number;
  readonly patience: number | undefined;
}

/** When each has a token, or undefined for who gave up before. */
function modelTimes(line: readonly Ask[], pace: number, burst: number): (number | undefined)[] {
  let fullAt = -Infinity;
  let last = 0;
  return line.map(({ at, patience }) => {
    const time = Math.max(at, last, fullAt - (burst - 1) * pace);
    if (patience !== undefined && at + patience + 0.5 < time) return undefined;
    last = time;
    fullAt = Math.max(fullAt, time) + pace;
    return time;
  });
}
