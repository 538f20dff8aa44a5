// What the tests of AnyIO and trio pin down of how a cancellation arrives, and whose it is, that no other test here does;
// see docs/behaviours.md.
import {
  checkpoint,
  currentTask,
  isCancelled,
  run,
  sleep,
  sleepForever,
  type Cancelled,
} from "@arborio/core";
import { CancelScope, currentSignal, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

everywhere("C1: a scope that another task made and cancels: its body is cut, the task goes on", async () => {
  const log: string[] = [];
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    const task = group.spawn(async () => {
      await scope.run(() => sleepForever().finally(() => log.push("cut")));
      await checkpoint();
      log.push("went on");
    });
    for (let turns = 0; turns < 2; turns++) await checkpoint();
    scope.cancel();
    await task.result();
    expect(group.scope.cancelCalled).toBe(false);
  });
  expect(log).toEqual(["cut", "went on"]);
  expect(scope.cancelledCaught).toBe(true);
});

everywhere("C2: an async generator driven in a cancelled scope: each of its checkpoints throws", async () => {
  async function* attempts(): AsyncGenerator<boolean> {
    for (let count = 0; count < 3; count++) yield isCancelled(await errorOf(checkpoint()));
  }
  const seen: boolean[] = [];
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    for await (const thrown of attempts()) seen.push(thrown);
  });
  expect(seen).toEqual([true, true, true]);
});

everywhere("C2: a scope cancelled after a timeout in it had passed leaves nothing behind", async () => {
  const outer = new CancelScope();
  const log: string[] = [];
  await outer.run(async () => {
    await moveOnAfter(0, sleepForever);
    log.push("timed out");
    outer.cancel();
    await checkpoint();
    log.push("never");
  });
  await checkpoint();
  expect([log, outer.cancelledCaught]).toEqual([["timed out"], true]);
});

everywhere("C2: nested scopes and groups, all cancelled, leave nothing behind", async () => {
  const scopes = [new CancelScope(), new CancelScope()] as const;
  await scopes[0].run(() =>
    scopes[1].run(() =>
      taskGroup((outer) =>
        taskGroup(async (inner) => {
          inner.spawn(sleepForever);
          for (const each of [inner, outer, scopes[1], scopes[0]]) each.cancel();
          await sleepForever();
        }),
      ),
    ),
  );
  expect(scopes.map(({ cancelledCaught }) => cancelledCaught)).toEqual([true, false]);
  await checkpoint();
  expect(currentSignal().aborted).toBe(false);
});

everywhere("C8: what no checkpoint saw goes with the scope: the next one outside passes", async () => {
  const outer = new CancelScope();
  await outer.run(async () => {
    await new CancelScope().run((scope) => scope.cancel());
    await checkpoint();
  });
  expect(outer.cancelCalled).toBe(false);
});

everywhere(
  "C6: a checkpoint made of a cancelled scope: throws in a cancelled one, passes in a live one",
  async () => {
    const idiom = (): Promise<unknown> => new CancelScope().run((inner) => (inner.cancel(), sleepForever()));
    await idiom();
    const outer = new CancelScope();
    const log: string[] = [];
    await outer.run(async () => {
      await idiom();
      log.push("live");
      outer.cancel();
      await idiom();
      log.push("never");
    });
    expect([log, outer.cancelledCaught]).toEqual([["live"], true]);
  },
);

everywhere(
  "C6: a scope and the run around it both cancelled: the run rejects with its signal's reason",
  async () => {
    const reason = new Error("the run's");
    const controller = new AbortController();
    const scope = new CancelScope();
    const main = (): Promise<unknown> =>
      scope.run(async () => {
        scope.cancel();
        controller.abort(reason);
        await checkpoint();
      });
    expect(await errorOf(run(main, { signal: controller.signal }))).toBe(reason);
    expect(scope.cancelledCaught).toBe(false);
  },
);

everywhere("C9: of an inner and an outer cancellation the first gives the Cancelled its reason", async () => {
  for (const [first, second] of [
    ["inner", "outer"],
    ["outer", "inner"],
  ] as const) {
    const scopes = { outer: new CancelScope(), inner: new CancelScope() };
    let seen: unknown;
    await scopes.outer.run(() =>
      scopes.inner.run(async () => {
        for (const name of [first, second]) scopes[name].cancel(name);
        seen = await errorOf(checkpoint());
        throw seen;
      }),
    );
    expect((seen as Cancelled).reason).toBe(first);
    expect(scopes.outer.cancelledCaught).toBe(true);
  }
});

everywhere(
  "C17: an abort of one operation is not pending afterwards: the next checkpoint passes",
  async () => {
    const controller = new AbortController();
    await new CancelScope().run(async (scope) => {
      const wait = errorOf(sleepForever({ signal: controller.signal }));
      controller.abort("enough");
      expect(await wait).toBe("enough");
      await checkpoint();
      expect([scope.cancelCalled, currentSignal().aborted, currentTask()?.status]).toEqual([
        false,
        false,
        "pending",
      ]);
    });
  },
);

everywhere(
  "C20: tasks that float out of their scope go on under its ancestor, and are cancelled with it",
  async () => {
    const log: string[] = [];
    const outer = new CancelScope();
    await outer.run(async () => {
      let floating: Promise<unknown> | undefined;
      await new CancelScope().run(() => {
        floating = taskGroup((group) => {
          group.spawn(() => sleepForever().finally(() => log.push("cut")));
          group.spawn(async () => {
            for (let turns = 0; turns < 5; turns++) await checkpoint();
            log.push("went on");
          });
        });
      });
      await sleep(1);
      expect(log).toEqual(["went on"]);
      outer.cancel();
      await errorOf(floating as Promise<unknown>);
    });
    expect(log).toEqual(["went on", "cut"]);
  },
);
