// Code of others that runs inside a cancellation: listeners of signals, take-backs of waits, clean-up.
import { checkpoint, isCancelled, sleepForever } from "@arborio/core";
import { suspend } from "@arborio/core/lowlevel";
import { CancelScope, shield, snapshot } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf } from "../../testing/test/outcome.ts";

/** A wait whose take-back calls `undo`. */
const waitWith = (undo: () => void): Promise<void> => suspend<void>(() => undo);

everywhere(
  "C4: an abort listener that cancels the scope around cancels both, and the outer absorbs",
  async () => {
    const outer = new CancelScope();
    const inner = new CancelScope();
    await outer.run(() =>
      inner.run(async () => {
        inner.signal.addEventListener("abort", () => outer.cancel());
        inner.cancel();
        await checkpoint();
      }),
    );
    expect([outer.cancelledCaught, inner.cancelledCaught]).toEqual([true, false]);
  },
);

everywhere(
  "C2: what a listener begins in a scope further in finds it cancelled: every flag is in place",
  async () => {
    const outer = new CancelScope();
    let armed = false;
    let began: Promise<unknown> | undefined;
    await outer.run(() =>
      new CancelScope().run(async () => {
        const within = snapshot();
        const wait = (): Promise<void> => suspend<void>(() => void (armed = true));
        outer.signal.addEventListener("abort", () => {
          began = within(() => errorOf(wait()));
        });
        outer.cancel();
        await checkpoint();
      }),
    );
    expect([armed, isCancelled(await began)]).toEqual([false, true]);
  },
);

everywhere("C4: an abort listener that cancels its own scope again changes nothing", async () => {
  const scope = new CancelScope();
  scope.signal.addEventListener("abort", () => scope.cancel("again"));
  const error = await scope.run(() => {
    scope.cancel("first");
    return errorOf(checkpoint());
  });
  expect(error).toMatchObject({ reason: "first" });
});

everywhere("C4: a take-back that cancels another scope wakes both, each once", async () => {
  const one = new CancelScope();
  const other = new CancelScope();
  const undone: string[] = [];
  const taking = (name: string, next: CancelScope) => () =>
    waitWith(() => {
      undone.push(name);
      next.cancel();
    });
  await taskGroup(async (group) => {
    group.spawn(() => one.run(taking("one", other)));
    group.spawn(() => other.run(taking("other", one)));
    await checkpoint();
    await checkpoint();
    one.cancel();
    expect(undone).toEqual(["one", "other"]);
  });
  expect([one.cancelledCaught, other.cancelledCaught]).toEqual([true, true]);
});

everywhere("C4: a take-back that shields the scopes not yet woken spares them", async () => {
  const outer = new CancelScope();
  const spared = new CancelScope();
  const gate = makeGate();
  const log: string[] = [];
  await outer.run(async () => {
    const first = waitWith(() => (spared.shield = true)).catch(() => log.push("cut"));
    const second = spared.run(async () => {
      await suspend<void>((waiter) => void gate.promise.then(() => waiter.resume()));
      log.push("spared");
    });
    outer.cancel();
    gate.resolve();
    await Promise.all([first, second]);
  });
  expect(log.sort()).toEqual(["cut", "spared"]);
});

everywhere("C4: a take-back is called once, though further scopes are cancelled", async () => {
  const scopes = [new CancelScope(), new CancelScope(), new CancelScope()] as const;
  let undone = 0;
  await scopes[0].run(() =>
    scopes[1].run(() =>
      scopes[2].run(async () => {
        const wait = errorOf(waitWith(() => undone++));
        for (const scope of [...scopes].reverse()) scope.cancel();
        await wait;
      }),
    ),
  );
  expect(undone).toBe(1);
});

everywhere("C4: a take-back that opens a new wait in the cancelled scope has it thrown", async () => {
  const scope = new CancelScope();
  let again: Promise<unknown> | undefined;
  await scope.run(() => {
    const wait = waitWith(() => void (again = errorOf(sleepForever())));
    scope.cancel();
    return wait;
  });
  expect(await again).toSatisfy(isCancelled);
});

everywhere("C4: what cancels its scope while it arms its wait is cancelled, and taken back", async () => {
  const scope = new CancelScope();
  let undone = 0;
  await scope.run(() =>
    suspend<void>(() => {
      scope.cancel();
      return () => void undone++;
    }),
  );
  expect([scope.cancelledCaught, undone]).toEqual([true, 1]);
});

everywhere(
  "C9: cancelled while it is being left: after the function's end, before the caller goes on",
  async () => {
    const scope = new CancelScope();
    const value = scope.run(() => "value");
    scope.cancel();
    expect(await value).toBe("value");
    expect([scope.cancelCalled, scope.cancelledCaught]).toEqual([true, false]);

    const failing = new CancelScope();
    const failure = new Error("no");
    const result = failing.run(() => Promise.reject(failure));
    failing.cancel();
    expect(await errorOf(result)).toBe(failure);
  },
);

everywhere("C2: cancelled in finally, the next wait there throws; under a shield it does not", async () => {
  const scope = new CancelScope();
  const log: string[] = [];
  await scope.run(async () => {
    try {
      await checkpoint();
    } finally {
      scope.cancel();
      await shield(checkpoint);
      log.push("shielded");
      await checkpoint();
      log.push("never");
    }
  });
  expect(log).toEqual(["shielded"]);
});

everywhere("C2: a task cancels its own scope: it goes on to its next wait", async () => {
  const log: string[] = [];
  await taskGroup((group) => {
    group.spawn(async (task) => {
      task.cancel();
      log.push(task.status);
      await checkpoint();
      log.push("never");
    });
  });
  expect(log).toEqual(["cancelling"]);
});
