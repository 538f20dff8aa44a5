// How the current scope travels, by what a host has for it.
import { AsyncLocalStorage } from "node:async_hooks";
import { checkpoint, currentTask, run, sleep } from "@arborio/core";
import { currentScope, setAmbientSlot, type AsyncStorage } from "@arborio/core/lowlevel";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { afterEach, expect, test } from "vitest";

afterEach(() => setAmbientSlot(undefined));

/** As AsyncLocalStorage, and counts what it is asked for. */
class Counting implements AsyncStorage {
  readonly storage: AsyncLocalStorage<unknown> = new AsyncLocalStorage();
  runs = 0;

  run<A, R>(store: unknown, fn: (arg: A) => R, arg: A): R {
    this.runs++;
    return this.storage.run(store, fn, arg);
  }

  getStore(): unknown {
    return this.storage.getStore();
  }
}

/** One that can also enter a context without an end. */
class Entering extends Counting {
  entries = 0;

  enterWith(store: unknown): void {
    this.entries++;
    this.storage.enterWith(store);
  }
}

/** As workerd's: there by name only. */
class Throwing extends Counting {
  enterWith(): never {
    throw new Error("not implemented");
  }
}

const hosts: readonly (readonly [string, () => AsyncStorage])[] = [
  ["AsyncLocalStorage", () => new AsyncLocalStorage()],
  ["a storage without enterWith", () => new Counting()],
  ["a storage whose enterWith throws, as in workerd", () => new Throwing()],
];

for (const [name, make] of hosts) {
  test(`C16: tasks and scopes that run by turns keep theirs over every wait, with ${name}`, async () => {
    setAmbientSlot(make());
    const work = async (task: string): Promise<void> => {
      for (let i = 0; i < 3; i++) {
        await (i === 1 ? Promise.resolve() : checkpoint());
        expect(currentTask()?.name).toBe(task);
        await new CancelScope().run(async (scope) => {
          await sleep(1);
          expect(currentScope()).toBe(scope);
        });
        expect(currentTask()).toBe(currentTask());
        expect(currentTask()?.name).toBe(task);
      }
    };
    await run(
      () =>
        taskGroup((group) => {
          for (const task of ["a", "b", "c"]) group.spawn(() => work(task), { name: task });
          expect(currentTask()?.name).toBe("main");
        }),
      { name: "main" },
    );
    expect(currentScope()).toBeUndefined();
  });

  test(`C16: a task's first turn leaves nothing behind for what follows it, with ${name}`, async () => {
    setAmbientSlot(make());
    const seen: (string | undefined)[] = [];
    const look = (): void => void seen.push(currentTask()?.name);
    const before = Promise.resolve();
    const watcher = (async () => {
      for (let i = 0; i < 20; i++) {
        await before;
        look();
      }
    })();
    const timer = new Promise<void>((done) => setTimeout(() => done(look())));
    const ended = run(() => taskGroup((group) => void group.spawn(() => before)));
    look();
    await Promise.all([watcher, timer, ended]);
    look();
    await new Promise<void>((done) => setTimeout(() => done(look())));
    expect(new Set(seen)).toEqual(new Set([undefined]));
  });
}

test("a task enters its context once, and leaves it with its first turn", async () => {
  const slot = new Entering();
  setAmbientSlot(slot);
  // The first finds out whether it can.
  await run(() => checkpoint());
  const { runs, entries } = slot;
  await run(() => checkpoint());
  expect([slot.runs - runs, slot.entries - entries]).toEqual([0, 1]);
});
