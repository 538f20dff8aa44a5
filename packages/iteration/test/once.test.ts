import { EventEmitter } from "node:events";
import { sleep } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { once } from "@arborio/iteration";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { CountingTarget, listenersOf, OldEmitter } from "./targets.ts";

everywhere("of an emitter it gives the list of arguments, and leaves no listener behind", async () => {
  const emitter = new EventEmitter();
  const waiting = once<[number, string]>(emitter, "data");
  expect(listenersOf(emitter)).toBe(2);
  emitter.emit("data", 1, "a");
  emitter.emit("data", 2, "b");
  const [number, letter]: [number, string] = await waiting;
  expect([number, letter, listenersOf(emitter)]).toEqual([1, "a", 0]);
});

everywhere("an emitter of addListener and removeListener will do", async () => {
  const emitter = new OldEmitter();
  const waiting = once(emitter, "data");
  emitter.emit("data", 1);
  expect([await waiting, emitter.listeners]).toEqual([[1], 0]);
});

everywhere("of an EventTarget it gives the event", async () => {
  const target = new CountingTarget();
  const waiting = once(target, "ready");
  const event = new Event("ready");
  target.dispatchEvent(event);
  expect(await waiting).toBe(event);
  expect(target.listeners).toBe(0);
});

everywhere(
  "an error event of an emitter rejects it, as node:events does; unless that is what is waited for",
  async () => {
    const emitter = new EventEmitter();
    const failure = new Error("no");
    const waiting = errorOf(once(emitter, "data"));
    emitter.emit("error", failure);
    expect([await waiting, listenersOf(emitter)]).toEqual([failure, 0]);
    const error = once(emitter, "error");
    emitter.emit("error", failure);
    expect([await error, listenersOf(emitter)]).toEqual([[failure], 0]);
  },
);

everywhere("an error event of an EventTarget is an event as any", async () => {
  const target = new EventTarget();
  const waiting = once(target, "ready");
  target.dispatchEvent(new Event("error"));
  target.dispatchEvent(new Event("ready"));
  expect((await waiting).type).toBe("ready");
});

timed("cancelled, it leaves no listener behind", async () => {
  const emitter = new EventEmitter();
  expect(await moveOnAfter(10, () => once(emitter, "data"))).toBe(undefined);
  expect(listenersOf(emitter)).toBe(0);
});

everywhere("in a cancelled scope it does not listen at all", async () => {
  const emitter = new EventEmitter();
  await moveOnAfter(0, () => {
    const waiting = once(emitter, "data");
    expect(listenersOf(emitter)).toBe(0);
    return waiting;
  });
});

everywhere(
  "C17: an abort of a foreign signal rejects it with the reason, and leaves nothing behind",
  async () => {
    const target = new CountingTarget();
    const controller = new AbortController();
    const waiting = errorOf(once(target, "ready", { signal: controller.signal }));
    controller.abort("enough");
    expect([await waiting, target.listeners]).toEqual(["enough", 0]);
    expect(await errorOf(once(target, "ready", { signal: controller.signal }))).toBe("enough");
    expect(target.listeners).toBe(0);
  },
);

everywhere("C5: an event that came is delivered, though its scope was cancelled since", async () => {
  const emitter = new EventEmitter();
  const scope = new CancelScope();
  let seen: unknown;
  await scope.run(async () => {
    const waiting = once(emitter, "data");
    emitter.emit("data", 1);
    scope.cancel();
    seen = await waiting;
  });
  expect(seen).toEqual([1]);
});

timed("what is emitted while the waiter sleeps elsewhere is not its", async () => {
  const emitter = new EventEmitter();
  emitter.emit("data", "before");
  const waiting = once(emitter, "data");
  await sleep(5);
  emitter.emit("data", "after");
  expect(await waiting).toEqual(["after"]);
});

everywhere("what neither emits nor is a target is a TypeError at once", () => {
  for (const target of [undefined, null, 1, {}, { on: 1, off: 2 }]) {
    expect(thrownBy(() => void once(target as never, "data"))).toBeInstanceOf(TypeError);
  }
});
