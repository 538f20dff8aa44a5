import {
  checkpoint,
  checkpointIfCancelled,
  currentTime,
  isCancelled,
  sleep,
  sleepForever,
} from "@arborio/core";
import { CancelScope, currentSignal, failAfter, moveOnAfter, shield, unscoped } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const reason = new Error("a foreign reason");

everywhere(
  "C17: an abort of a foreign signal given to one operation rejects it with signal.reason, untouched",
  async () => {
    const controller = new AbortController();
    const wait = errorOf(sleepForever({ signal: controller.signal }));
    controller.abort(reason);
    expect(await wait).toBe(reason);
  },
);

everywhere("C17: one aborted before rejects too; a checkpoint as well", async () => {
  const signal = AbortSignal.abort(reason);
  for (const wait of [sleepForever, checkpoint, checkpointIfCancelled])
    expect(await errorOf(wait({ signal }))).toBe(reason);
  expect(await errorOf(sleep(5, { signal }))).toBe(reason);
});

everywhere("C17: any reason, undefined's default and null too", async () => {
  expect(await errorOf(sleepForever({ signal: AbortSignal.abort(null) }))).toBe(null);
  expect(await errorOf(sleepForever({ signal: AbortSignal.abort() }))).toHaveProperty("name", "AbortError");
});

everywhere("C17: given to a scope it cancels that, and run rejects with signal.reason", async () => {
  const controller = new AbortController();
  const scope = new CancelScope();
  const result = errorOf(scope.run(sleepForever, { signal: controller.signal }));
  await checkpoint();
  controller.abort(reason);
  expect(await result).toBe(reason);
  expect(scope.cancelledCaught).toBe(true);
  expect(await errorOf(new CancelScope().run(sleepForever, { signal: controller.signal }))).toBe(reason);
});

everywhere("C17: if the function ended without seeing it, its value stands", async () => {
  const controller = new AbortController();
  const value = await new CancelScope().run(() => controller.abort(reason), { signal: controller.signal });
  expect(value).toBe(undefined);
  expect(await moveOnAfter(1e6, () => "value", { signal: AbortSignal.abort(reason) })).toBe("value");
});

everywhere("C17: timeouts and shields take it too", async () => {
  const signal = AbortSignal.abort(reason);
  expect(await errorOf(failAfter(1e6, sleepForever, { signal }))).toBe(reason);
  expect(await errorOf(moveOnAfter(1e6, sleepForever, { signal }))).toBe(reason);
  expect(await errorOf(shield(sleepForever, { signal }))).toBe(reason);
});

everywhere("C17: given to a group it cancels that, and the call rejects with signal.reason", async () => {
  const controller = new AbortController();
  let cleaned = 0;
  const result = errorOf(
    taskGroup((group) => void group.spawn(() => sleepForever().finally(() => cleaned++)), {
      signal: controller.signal,
    }),
  );
  await checkpoint();
  await checkpoint();
  controller.abort(reason);
  expect([await result, cleaned]).toEqual([reason, 1]);
});

everywhere("C17: the reason is not thrown if an outer scope took the cancellation", async () => {
  const controller = new AbortController();
  const outer = new CancelScope();
  await outer.run(() =>
    new CancelScope().run(
      async () => {
        controller.abort(reason);
        outer.cancel();
        await checkpoint();
      },
      { signal: controller.signal },
    ),
  );
  expect(outer.cancelledCaught).toBe(true);
});

everywhere("C17: our own signal given as { signal } links to that scope", async () => {
  const other = new CancelScope();
  await taskGroup(async (group) => {
    group.spawn(() =>
      other.run(() =>
        checkpoint()
          .then(() => checkpoint())
          .then(() => sleepForever()),
      ),
    );
    await checkpoint();
    const wait = errorOf(sleepForever({ signal: other.signal }));
    await checkpoint();
    other.cancel();
    expect(isCancelled(await wait)).toBe(true);
    await checkpoint();
  });
});

everywhere("C17: to a scope around, or the one it is in, without a listener", async () => {
  const outer = new CancelScope();
  const { signal } = outer;
  signal.addEventListener = () => {
    throw new Error("listened to");
  };
  await outer.run(async () => {
    await sleep(1, { signal });
    await new CancelScope().run(() => checkpoint({ signal }), { signal });
    await unscoped(() => sleep(1, { signal }));
    outer.cancel();
    expect(await errorOf(unscoped(() => sleepForever({ signal })))).toBe(signal.reason);
  });
});

timed("C17: if the ambient scope is another, the wait ends at whichever is cancelled first", async () => {
  for (const [mine, given] of [
    [10, 20],
    [20, 10],
  ] as const) {
    const began = currentTime();
    const both = new CancelScope({ deadline: began + given });
    await taskGroup(async (group) => {
      group.spawn(() => both.run(sleepForever));
      await sleep(1);
      await moveOnAfter(mine - 1, () => sleepForever({ signal: both.signal })).catch(() => undefined);
      expect(currentTime()).toBe(began + 10);
    });
  }
});

everywhere("C17: a shield around the wait does not hide the signal given to it", async () => {
  const controller = new AbortController();
  const scope = new CancelScope();
  await scope.run(async () => {
    const foreign = errorOf(shield(() => sleepForever({ signal: controller.signal })));
    const own = errorOf(shield(() => sleepForever({ signal: scope.signal })));
    await checkpoint();
    controller.abort(reason);
    expect(await foreign).toBe(reason);
    scope.cancel();
    expect(isCancelled(await own)).toBe(true);
  });
});

everywhere(
  "C17: scope.signal aborts when the scope is cancelled, from within or without, with the Cancelled",
  async () => {
    const outer = new CancelScope();
    await outer.run(() =>
      new CancelScope().run((inner) => {
        const early = [inner.signal, currentSignal()];
        outer.cancel("why");
        for (const signal of [...early, outer.signal]) expect(signal.reason).toMatchObject({ reason: "why" });
      }),
    );
    const unused = new CancelScope();
    const { signal } = unused;
    unused.cancel();
    expect([signal.aborted, isCancelled(signal.reason), signal === unused.signal]).toEqual([
      true,
      true,
      true,
    ]);
  },
);

everywhere("C17: a foreign operation that rejects with our signal's reason is our cancellation", async () => {
  const scope = new CancelScope();
  const value = await scope.run(async () => {
    scope.cancel();
    currentSignal().throwIfAborted();
  });
  expect([value, scope.cancelledCaught]).toEqual([undefined, true]);
});

everywhere("C17: what is no AbortSignal is a TypeError", () => {
  expect(thrownBy(() => sleepForever({ signal: {} as never }))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => sleep(5, { signal: null as never }))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => new CancelScope().run(checkpoint, { signal: "signal" as never }))).toBeInstanceOf(
    TypeError,
  );
});

everywhere("F3: no listener outlives the wait, the scope or the group it served", async () => {
  const { signal } = new AbortController();
  let listening = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => (listening++, add(...args));
  signal.removeEventListener = (...args: Parameters<typeof remove>) => (listening--, remove(...args));
  const options = { signal };
  await sleep(1, options);
  await new CancelScope().run((scope) => {
    scope.cancel();
    return sleepForever(options);
  });
  await moveOnAfter(0, () => sleepForever(options));
  await new CancelScope().run(checkpoint, options);
  await taskGroup((group) => void group.spawn(checkpoint, options), options);
  await taskGroup((group) => group.start((task) => task.started(), options));
  expect(listening).toBe(0);
});
