import { CancelScope } from "@arborio/cancellation";
import { currentTime, isCancelled, sleep, sleepForever } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";
import { FakeSocket } from "./fake-net.ts";
import { serving } from "./serving.ts";

serving(
  "grace: handlers end in peace until it is over; then they are cancelled",
  async ({ raw, listener }) => {
    const sockets = [raw.arrive(new FakeSocket()), raw.arrive(new FakeSocket())];
    const ended: unknown[] = [];
    let count = 0;
    const handler = async (): Promise<void> => {
      const name = count++ === 0 ? "slow" : "quick";
      try {
        await sleep(name === "slow" ? 1_000 : 40);
        ended.push([name, currentTime()]);
      } catch (error) {
        ended.push([name, currentTime(), isCancelled(error)]);
        throw error;
      }
    };
    await taskGroup(async (group) => {
      group.spawn(() => listener.serve(handler, { grace: 50 }));
      await sleep(10);
      await listener.close();
    });
    expect(ended).toEqual([
      ["quick", 40],
      ["slow", 60, true],
    ]);
    expect(sockets.map(({ closed }) => closed)).toEqual(["closed", "closed"]);
  },
);

serving("grace: none is waited for when no handler runs", async ({ listener }) => {
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(() => {}, { grace: 1_000 }));
    await sleep(10);
    await listener.close();
  });
  expect(currentTime()).toBe(10);
});

serving("grace: without it handlers have as long as they need", async ({ raw, listener }) => {
  raw.arrive(new FakeSocket());
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(() => sleep(10_000)));
    await sleep(1);
    await listener.close();
  });
  expect(currentTime()).toBe(10_000);
});

serving("grace: 0 cancels the handlers when the listener is closed", async ({ raw, listener }) => {
  raw.arrive(new FakeSocket());
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(() => sleepForever(), { grace: 0 }));
    await sleep(7);
    await listener.close();
  });
  expect(currentTime()).toBe(7);
});

serving("grace: what handlers throw when they are cancelled comes out", async ({ raw, listener }) => {
  raw.arrive(new FakeSocket());
  const boom = new Error("boom");
  const handler = async (): Promise<void> => {
    try {
      await sleepForever();
    } finally {
      throw boom; // eslint-disable-line no-unsafe-finally -- a handler that is at fault
    }
  };
  const serve = errorOf(listener.serve(handler, { grace: 5 }));
  await sleep(1);
  await listener.close();
  expect(await serve).toMatchObject({ errors: [boom] });
});

serving("grace: a cancellation from outside does not wait for it", async ({ raw, listener }) => {
  raw.arrive(new FakeSocket());
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    group.spawn(() => scope.run(() => listener.serve(() => sleepForever(), { grace: 1_000 })));
    await sleep(1);
    await listener.close();
    await sleep(1);
    scope.cancel();
  });
  expect(currentTime()).toBe(2);
});

serving("grace: with an explicit signal alone, the clock is the run's", async ({ raw, listener }) => {
  raw.arrive(new FakeSocket());
  const scope = new CancelScope();
  await scope.run(async ({ signal }) => {
    const serve = listener.serve((stream) => stream.receive(), { grace: 20, signal });
    await sleep(1, { signal });
    await listener.close({ signal });
    await serve;
  });
  expect([currentTime(), scope.cancelCalled]).toEqual([21, false]);
});
