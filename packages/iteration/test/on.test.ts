import { EventEmitter } from "node:events";
import { sleep, sleepForever } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { on } from "@arborio/iteration";
import { taskGroup, type TaskHandle } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { CountingTarget, listenersOf, OldEmitter } from "./targets.ts";

timed("events come one by one; leaving the loop removes the listener", async () => {
  const emitter = new EventEmitter();
  const seen: unknown[] = [];
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (const number of [1, 2, 3, 4]) {
        await sleep(10);
        emitter.emit("data", number);
      }
    });
    for await (const [number] of on<[number]>(emitter, "data")) {
      seen.push(number);
      if (number === 3) break;
    }
    expect(listenersOf(emitter)).toBe(0);
  });
  expect(seen).toEqual([1, 2, 3]);
});

everywhere(
  "it listens from the call on, and queues what nobody waits for; the count can be read",
  async () => {
    const target = new CountingTarget();
    const events = on(target, "tick");
    const sent = [new Event("tick"), new Event("tick"), new Event("tick")];
    for (const event of sent) target.dispatchEvent(event);
    expect([events.size, target.listeners]).toEqual([3, 1]);
    expect((await events.next()).value).toBe(sent[0]);
    expect(events.size).toBe(2);
    await events.return();
    expect([events.size, target.listeners, (await events.next()).done]).toEqual([0, 0, true]);
  },
);

everywhere("disposed, it stops; twice does nothing", async () => {
  const emitter = new OldEmitter();
  {
    await using events = on(emitter, "data");
    emitter.emit("data", 1);
    expect([events.size, emitter.listeners]).toEqual([1, 2]);
  }
  expect(emitter.listeners).toBe(0);
  const events = on(emitter, "data");
  await events[Symbol.asyncDispose]();
  await events[Symbol.asyncDispose]();
  expect(emitter.listeners).toBe(0);
});

timed("disposed while another waits: that one sees the end", async () => {
  const emitter = new EventEmitter();
  const events = on(emitter, "data");
  await taskGroup(async (group) => {
    const waiting = group.spawn(() => events.next());
    await sleep(5);
    await events.return();
    expect(await waiting.result()).toEqual({ done: true, value: undefined });
  });
});

timed("a cancelled wait for the next one ends it", async () => {
  const emitter = new EventEmitter();
  const seen: unknown[] = [];
  await moveOnAfter(15, async () => {
    for await (const [value] of on(emitter, "data")) seen.push(value);
  });
  expect([seen, listenersOf(emitter)]).toEqual([[], 0]);
});

timed("the cancellation of the scope it was made in ends it, whoever waits or not", async () => {
  const emitter = new EventEmitter();
  await moveOnAfter(10, async () => {
    on(emitter, "data");
    await sleepForever();
  });
  expect(listenersOf(emitter)).toBe(0);
  await taskGroup(async (group) => {
    const scope = new CancelScope({ timeout: 10 });
    const made = scope.run(async () => {
      const events = on(emitter, "data");
      const elsewhere = group.spawn(() => events.next());
      await sleepForever().finally(() => expect(listenersOf(emitter)).toBe(0));
      return elsewhere;
    });
    await made;
  });
});

timed("who waits for it elsewhere sees the end, not a Cancelled that is not its own", async () => {
  const emitter = new EventEmitter();
  await taskGroup(async (group) => {
    const scope = new CancelScope({ timeout: 10 });
    let waiting: TaskHandle | undefined;
    const owner = scope.run(async () => {
      const events = on(emitter, "data");
      waiting = group.spawn(() => events.next());
      await sleepForever();
    });
    await owner;
    expect(await waiting?.result()).toEqual({ done: true, value: undefined });
  });
});

everywhere("in a cancelled scope it does not listen at all", async () => {
  const emitter = new EventEmitter();
  await moveOnAfter(0, async () => {
    const events = on(emitter, "data");
    expect(listenersOf(emitter)).toBe(0);
    await events.next();
  });
});

everywhere(
  "an error event of an emitter is thrown, after the events that came before; then it has ended",
  async () => {
    const emitter = new EventEmitter();
    const failure = new Error("no");
    const events = on(emitter, "data");
    emitter.emit("data", 1);
    emitter.emit("error", failure);
    expect(listenersOf(emitter)).toBe(0);
    expect((await events.next()).value).toEqual([1]);
    expect(await errorOf(events.next())).toBe(failure);
    expect((await events.next()).done).toBe(true);
  },
);

timed("an error event is thrown to who waits", async () => {
  const emitter = new EventEmitter();
  const failure = new Error("no");
  const error = await errorOf(
    taskGroup(async (group) => {
      group.spawn(() => sleep(5).then(() => void emitter.emit("error", failure)));
      for await (const _ of on(emitter, "data"));
    }),
  );
  expect([(error as AggregateError).errors, listenersOf(emitter)]).toEqual([[failure], 0]);
});

timed("C17: an abort of a foreign signal is thrown with its reason, and leaves nothing behind", async () => {
  for (const abortFirst of [true, false]) {
    const target = new CountingTarget();
    const controller = new AbortController();
    const events = on(target, "tick", { signal: controller.signal });
    if (abortFirst) controller.abort("enough");
    const waiting = errorOf(events.next());
    await sleep(1);
    if (!abortFirst) controller.abort("enough");
    expect([await waiting, target.listeners]).toEqual(["enough", 0]);
  }
});

timed("several may wait; each gets another event, in order (S1)", async () => {
  const emitter = new EventEmitter();
  const events = on<[number]>(emitter, "data");
  const waiting = [events.next(), events.next()];
  await sleep(1);
  emitter.emit("data", 1);
  emitter.emit("data", 2);
  expect(await Promise.all(waiting)).toEqual([
    { done: false, value: [1] },
    { done: false, value: [2] },
  ]);
  await events.return();
});

everywhere("an error in the loop removes the listener", async () => {
  const target = new CountingTarget();
  const failure = new Error("loop");
  const events = on(target, "tick");
  target.dispatchEvent(new Event("tick"));
  const loop = async (): Promise<void> => {
    for await (const _ of events) throw failure;
  };
  expect([await errorOf(loop()), target.listeners]).toEqual([failure, 0]);
});

everywhere("what neither emits nor is a target is a TypeError at once", () => {
  expect(thrownBy(() => void on({} as never, "data"))).toBeInstanceOf(TypeError);
});
