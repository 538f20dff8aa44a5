// Signals that are not the platform's own: of another realm, of a library, or only shaped like one.
import { runInNewContext } from "node:vm";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { run, sleep, sleepForever } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { expect, test } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";

/** A signal that works, by nothing of the platform's. */
class Plain {
  aborted = false;
  reason: unknown = undefined;
  readonly listeners: Set<{ handleEvent(): void } | (() => void)> = new Set();

  addEventListener(_: string, listener: { handleEvent(): void } | (() => void)): void {
    this.listeners.add(listener);
  }

  removeEventListener(_: string, listener: { handleEvent(): void } | (() => void)): void {
    this.listeners.delete(listener);
  }

  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    for (const listener of [...this.listeners]) {
      if (typeof listener === "function") listener();
      else listener.handleEvent();
    }
  }
}

const failing = (): never => {
  throw new Error("not so");
};

const bad: readonly [string, () => unknown][] = [
  ["a removeEventListener that throws", () => Object.assign(new Plain(), { removeEventListener: failing })],
  ["an addEventListener that throws", () => Object.assign(new Plain(), { addEventListener: failing })],
  ["no removeEventListener", () => ({ aborted: false, addEventListener: () => {} })],
  ["no addEventListener", () => ({ aborted: false, removeEventListener: () => {} })],
  ["an aborted that is no boolean", () => Object.assign(new Plain(), { aborted: "no" })],
  ["an aborted that throws", () => Object.defineProperty(new Plain(), "aborted", { get: failing })],
  ["the prototype alone", () => Object.create(AbortSignal.prototype) as unknown],
  ["null", () => null],
  ["a function", () => () => {}],
];

test.each(bad)("%s: a TypeError at once, wherever a signal is taken", async (_, make) => {
  const signal = make() as AbortSignal;
  const takers: (() => unknown)[] = [
    () => sleep(1, { signal }),
    () => run(() => {}, { signal }),
    () => new CancelScope().run(() => {}, { signal }),
    () => moveOnAfter(1, () => {}, { signal }),
    () => taskGroup((group) => group.spawn(async () => {}, { signal }), { signal }),
  ];
  for (const taker of takers) {
    const error = await errorOf((async () => taker())());
    expect(error).toMatchObject({ name: "TypeError" });
    expect((error as Error).message).toMatch(
      /^Cannot use the signal: it must be an AbortSignal, received \w+$/,
    );
  }
});

test("a signal of another realm is taken, and cancels", async () => {
  const signal = runInNewContext(`new (${Plain.toString()})()`) as Plain;
  const sleeping = sleepForever({ signal: signal as never });
  signal.abort("why");
  await expect(sleeping).rejects.toBe("why");
  expect(signal.listeners.size).toBe(0);
});

test("a removeEventListener that throws only later holds up no wait, and no scope", async () => {
  let calls = 0;
  const signal = Object.assign(new Plain(), {
    removeEventListener: () => {
      if (calls++ > 0) failing();
    },
  }) as never;
  await sleep(1, { signal });
  expect(await new CancelScope().run(() => sleep(0).then(() => 5), { signal })).toBe(5);
  expect(calls).toBe(3);
});

test("a reason that throws is what the wait, the scope and the run end with", async () => {
  const reasonless = (): Plain =>
    Object.defineProperty(new Plain(), "reason", { get: failing, set: () => {} });
  for (const wait of [
    (signal: AbortSignal) => sleepForever({ signal }),
    (signal: AbortSignal) => new CancelScope().run(() => sleepForever(), { signal }),
    (signal: AbortSignal) => run(() => sleepForever(), { signal }),
  ]) {
    const signal = reasonless();
    const waiting = wait(signal as never);
    await Promise.resolve();
    signal.abort("why");
    await expect(waiting).rejects.toThrow("not so");
  }
});

test("of each signal it is found out once whether it can be listened to", async () => {
  const signal = new Plain();
  let added = 0;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (type, listener) => {
    added++;
    add(type, listener);
  };
  for (let i = 0; i < 5; i++) await sleep(1, { signal: signal as never });
  expect(added).toBe(6);
  expect(signal.listeners.size).toBe(0);
});
