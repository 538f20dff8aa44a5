// What the tests of AnyIO and trio pin down of wake-ups, tasks and runs that no other test here does; see docs/behaviours.md.
import {
  checkpoint,
  currentTask,
  currentTime,
  main,
  run,
  sleep,
  sleepForever,
  waitAllTasksBlocked,
  type TaskInfo,
} from "@arborio/core";
import type { Backend, Host, Scheduler, SignalName, WakeUp } from "@arborio/core/backend";
import { suspend, WaitQueue } from "@arborio/core/lowlevel";
import { CancelScope, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { simulation } from "@arborio/testing";
import { expect, test } from "vitest";
import { everywhere, onRealClock } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

/** Runs a program in a simulation that counts its wake-ups. */
function counting(program: (wakeUps: () => number) => unknown): Promise<unknown> {
  const backend = simulation();
  const turns = backend.scheduler as Required<Scheduler>;
  let count = 0;
  const scheduler: Scheduler = {
    hop: (wake) => turns.hop(wake),
    busy: () => turns.busy(),
    ready: (wakeUp: WakeUp) => {
      count++;
      turns.ready(wakeUp);
    },
  };
  return run(() => program(() => count), { backend: { ...backend, scheduler } });
}

test("C4: a cancelled scope wakes nobody behind a shield, nor anyone again and again", async () => {
  await counting(async (wakeUps) => {
    const log: number[] = [];
    await new CancelScope().run((scope) =>
      taskGroup((group) => {
        group.spawn(() => shield(() => sleep(1_000)));
        group.spawn(async () => {
          await sleep(1);
          log.push(wakeUps());
          scope.cancel();
          await shield(() => sleep(500));
          log.push(wakeUps());
        });
      }),
    );
    // Only its own sleep woke anyone in half a second.
    expect((log[1] ?? 0) - (log[0] ?? 0)).toBe(1);
  });
});

test("C4: cancelling groups in groups wakes each task once, and none behind a shield", async () => {
  await counting(async (wakeUps) => {
    let [before, after] = [0, 0];
    await taskGroup((outer) => {
      outer.spawn(() =>
        taskGroup((middle) => {
          middle.spawn(() => taskGroup((inner) => void inner.spawn(() => shield(() => sleep(1_000)))));
          middle.spawn(sleepForever);
        }),
      );
      outer.spawn(async () => {
        await sleep(1);
        before = wakeUps();
        outer.cancel();
        await shield(() => sleep(500));
        after = wakeUps();
      });
    });
    expect([after - before, currentTime()]).toEqual([2, 1_000]);
  });
});

test("C4: cancelling a scope whose only task has ended wakes nobody", async () => {
  await counting(async (wakeUps) => {
    await new CancelScope().run((scope) =>
      taskGroup(async (group) => {
        await group.spawn(() => undefined).wait();
        const before = wakeUps();
        scope.cancel();
        await shield(() => sleep(500));
        expect(wakeUps() - before).toBe(1);
      }),
    );
  });
});

everywhere("waitAllTasksBlocked: a task about to handle its cancellation is not blocked", async () => {
  let handled = false;
  await taskGroup(async (group) => {
    const task = group.spawn(() => sleepForever().finally(() => (handled = true)));
    await waitAllTasksBlocked();
    task.cancel();
    await waitAllTasksBlocked();
    expect(handled).toBe(true);
  });
});

everywhere("a task that has ended still knows its parent", async () => {
  let seen: TaskInfo | undefined;
  await taskGroup(async (group) => {
    await group.spawn(() => void (seen = currentTask())).wait();
    await checkpoint();
  });
  expect(seen?.status).toBe("finished");
  expect(seen?.parent).toBe(currentTask());
});

test("run takes a function that returns any thenable", async () => {
  const thenable = {
    then: (resolve: (value: number) => void) => void checkpoint().then(() => resolve(7)),
  };
  expect(await run(() => thenable as unknown as Promise<number>)).toBe(7);
});

onRealClock("F4: code of the host, outside any task, may wake, cancel and move deadlines", async () => {
  const queue = new WaitQueue<string>();
  const [cancelled, limited] = [new CancelScope(), new CancelScope({ timeout: 1e6 })];
  const waits = Promise.all([
    suspend<string>((waiter) => queue.add(waiter)),
    cancelled.run(sleepForever),
    limited.run(sleepForever),
  ]);
  setTimeout(() => {
    queue.wake("woken");
    cancelled.cancel();
    limited.deadline = 0;
  }, 1);
  expect(await waits).toEqual(["woken", undefined, undefined]);
  expect([cancelled.cancelledCaught, limited.cancelledCaught]).toEqual([true, true]);
});

test("F5: what SIGINT cuts in main sees source signal, and which", async () => {
  const listeners = new Map<SignalName, () => void>();
  const codes: number[] = [];
  const host = { exit: (code: number) => void codes.push(code) } as unknown as Host;
  const signals = {
    listen: (name: SignalName, listener: () => void) => {
      listeners.set(name, listener);
      return () => void listeners.delete(name);
    },
  };
  let seen: unknown;
  const program = async (): Promise<void> => {
    listeners.get("SIGINT")?.();
    seen = await errorOf(checkpoint());
    throw seen;
  };
  await main(program, { backend: { ...simulation(), host, signals } satisfies Backend });
  expect(seen).toMatchObject({ source: "signal", reason: "SIGINT" });
  expect([codes, listeners.size]).toEqual([[130], 0]);
});
