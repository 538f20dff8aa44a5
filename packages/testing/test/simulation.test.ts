import {
  checkpoint,
  currentTime,
  type DeadlockError,
  isError,
  run,
  sleep,
  sleepForever,
  waitAllTasksBlocked,
} from "@arborio/core";
import { awaitPromise, park, perform } from "@arborio/core/lowlevel";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { simulate, simulation } from "@arborio/testing";
import { expect, test } from "vitest";
import { makeGate } from "./gate.ts";
import { errorOf, thrownBy } from "./outcome.ts";

const after = <T>(ms: number, value: T): Promise<T> =>
  new Promise((resolve) => setTimeout(resolve, ms, value));

/** The order in which ten tasks go through three turns. */
async function order(seed: number | undefined): Promise<string> {
  const log: string[] = [];
  await simulate(
    () =>
      taskGroup((group) => {
        for (let index = 0; index < 10; index++) {
          group.spawn(async () => {
            for (let turn = 0; turn < 3; turn++) {
              log.push(`${String(turn)}${String(index)}`);
              await checkpoint();
            }
          });
        }
      }),
    { seed },
  );
  return log.join(" ");
}

/** A patience whose end no test lives to see: who waits for it hangs. */
const HOURS = 1e7;

test("F2: without a seed first come, first served", async () => {
  const turns = [0, 1, 2].flatMap((turn) =>
    Array.from({ length: 10 }, (_, index) => `${String(turn)}${String(index)}`),
  );
  expect(await order(undefined)).toBe(turns.join(" "));
});

test("F2: the same seed gives the same run, different seeds differ, and no order leaves its turn", async () => {
  const runs = await Promise.all([1, 2, 3, 4].map(order));
  expect(await Promise.all([1, 2, 3, 4].map(order))).toEqual(runs);
  expect(new Set(runs).size).toBe(4);
  for (const log of runs) {
    const turns = log.split(" ").map((entry) => entry[0]);
    expect(turns).toEqual([...turns].sort());
  }
});

test("a seed is a whole number", () => {
  for (const seed of [1.5, NaN, "1" as never])
    expect(thrownBy(() => simulation({ seed }))).toBeInstanceOf(RangeError);
});

test("F2: time moves only when all are blocked, and straight to the next deadline", async () => {
  const log: string[] = [];
  await simulate(() =>
    taskGroup((group) => {
      for (const ms of [30, 10, 20])
        group.spawn(() => sleep(ms).then(() => log.push(`${String(ms)} at ${String(currentTime())}`)));
      group.spawn(async () => {
        for (let turn = 0; turn < 100; turn++) await checkpoint();
        log.push(`busy until ${String(currentTime())}`);
      });
    }),
  );
  expect(log).toEqual(["busy until 0", "10 at 10", "20 at 20", "30 at 30"]);
});

test("an hour passes at once, and each simulation has a time of its own", async () => {
  const [one, other] = await Promise.all(
    [3_600_000, 7_200_000].map((ms) => simulate(() => sleep(ms).then(currentTime))),
  );
  expect([one, other]).toEqual([3_600_000, 7_200_000]);
});

test("F2: no finite deadline and nothing runnable is a deadlock, reported as the task tree", async () => {
  let cleaned = false;
  const main = (): Promise<void> =>
    taskGroup(
      (group) => {
        group.spawn(() => park({ waitingFor: "a bus" }), { name: "passenger" });
        group.spawn(() => sleepForever().finally(() => (cleaned = true)), { name: "sleeper" });
      },
      { name: "stop" },
    );
  const error = (await errorOf(simulate(main, { seed: 7 }))) as DeadlockError;
  expect(isError(error, "DeadlockError")).toBe(true);
  const [headline, ...tree] = error.message.split("\n");
  expect(headline).toMatch(/^Cannot go on: .*\(seed 7\)$/);
  expect(tree).toEqual([
    "main (pending) waits for the tasks of task group 'stop' to end",
    "├─ passenger (pending) waits for a bus",
    "└─ sleeper (pending) waits for ever",
  ]);
  expect(cleaned).toBe(true);
});

test("F2: a deadlock in the clean-up of one, behind a shield, ends the run with the first", async () => {
  const error = (await errorOf(
    simulate(() =>
      park({ waitingFor: "the first" }).finally(() => shield(() => park({ waitingFor: "the second" }))),
    ),
  )) as DeadlockError;
  expect(error.message).toMatch(/waits for the first/);
  expect(error.message).not.toMatch(/the second/);
});

test("F2: a deadline in the distance is no deadlock", async () => {
  expect(await simulate(() => moveOnAfter(1e9, sleepForever).then(currentTime))).toBe(1e9);
});

test("a deadlock is reported at once if all wait for what is the library's", async () => {
  const stuck = (): Promise<void> => taskGroup((group) => void group.spawn(sleepForever));
  expect(isError(await errorOf(simulate(stuck, { patience: HOURS })), "DeadlockError")).toBe(true);
});

test("a foreign promise is waited for before a deadlock is reported; with patience for it, no more", async () => {
  expect(await simulate(() => after(20, "answered"))).toBe("answered");
  const error = await errorOf(simulate(() => new Promise(() => undefined), { patience: 20 }));
  expect(isError(error, "DeadlockError")).toBe(true);
});

test("who goes on after a foreign promise need not wait for anyone's patience", async () => {
  const main = async (): Promise<number> => {
    await after(1, "answered");
    await sleep(1_000);
    await after(1, "answered");
    await moveOnAfter(1_000, sleepForever);
    return currentTime();
  };
  expect(await simulate(main, { patience: HOURS })).toBe(2_000);
});

test("while a real operation of a backend or an awaited foreign promise is under way time stands still", async () => {
  for (const wait of [
    () => perform(() => after(20, "answered")),
    () => awaitPromise(after(20, "answered")),
  ]) {
    expect(await simulate(() => moveOnAfter(1, wait))).toBe("answered");
  }
});

test("for patience ms at most, in which nothing else moves; then time moves all the same", async () => {
  const slow = (): Promise<string> => perform(() => after(100, "answered"));
  expect(await simulate(() => moveOnAfter(1, slow), { patience: 10 })).toBe(undefined);
});

test("patience begins anew with each standstill", async () => {
  const main = async (): Promise<unknown[]> => {
    const answers = [];
    for (let count = 0; count < 4; count++)
      answers.push(await moveOnAfter(1, () => perform(() => after(40, count))));
    return answers;
  };
  expect(await simulate(main, { patience: 120 })).toEqual([0, 1, 2, 3]);
});

test("a patience that was lost is found again: the next operation holds time again", async () => {
  const main = async (): Promise<unknown> => {
    await perform(() => after(60, "without a deadline nothing can move"));
    return moveOnAfter(1, () => perform(() => after(10, "answered")));
  };
  expect(await simulate(main, { patience: 30 })).toBe("answered");
});

test("a promise that nobody waits for any more holds nothing", async () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  const main = async (): Promise<number> => {
    for (const wait of [() => perform(never), () => awaitPromise(never())]) {
      await new CancelScope().run((scope) => {
        const waiting = wait();
        scope.cancel();
        return waiting;
      });
    }
    await sleep(1_000);
    return currentTime();
  };
  expect(await simulate(main, { patience: HOURS })).toBe(1_000);
});

test("an operation that ends after nobody waited for it any more counts once: the next holds time again", async () => {
  const late = makeGate();
  const main = async (): Promise<string | undefined> => {
    await new CancelScope().run((scope) => {
      const waiting = perform(() => late.promise);
      scope.cancel();
      return waiting;
    });
    late.resolve();
    await late.promise;
    return moveOnAfter(1, () => perform(() => after(20, "answered")));
  };
  expect(await simulate(main)).toBe("answered");
});

test("it has the capabilities of the backend it is given, but its own name, clock and turns", async () => {
  const host = { args: ["a"] } as never;
  const backend = simulation({ backend: { name: "full", host, clock: { now: () => 7 } as never } });
  expect([backend.name, backend.host, backend.clock?.now()]).toEqual(["simulation", host, 0]);
  expect(simulation().host).toBe(undefined);
});

test("two roots in one simulation share its time and its turns; the deadlock of all ends both", async () => {
  const backend = simulation();
  const times = await Promise.all([10, 20].map((ms) => run(() => sleep(ms).then(currentTime), { backend })));
  expect(times).toEqual([10, 20]);
  const errors = await Promise.all([1, 2].map(() => errorOf(run(sleepForever, { backend }))));
  expect(errors.map((error) => isError(error, "DeadlockError"))).toEqual([true, true]);
  expect(await run(() => sleep(5).then(currentTime), { backend })).toBe(25);
});

test("waitAllTasksBlocked is no deadlock, and simulate gives what its function gives", async () => {
  expect(await simulate(() => waitAllTasksBlocked().then(() => 7))).toBe(7);
  expect(await simulate(() => 8)).toBe(8);
});
