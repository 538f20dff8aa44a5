import fc from "fast-check";
import { checkpoint } from "@arborio/core";
import { suspend, WaitQueue, type Waiter } from "@arborio/core/lowlevel";
import { CancelScope } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

const waitIn = <T>(queue: WaitQueue<T>): Promise<T> => suspend<T>((waiter) => queue.add(waiter));

everywhere("a queue hands to the first, and says whether one waited", async () => {
  const queue = new WaitQueue<string>();
  expect([queue.wake("nobody"), queue.take(), queue.size]).toEqual([false, undefined, 0]);
  const waits = [waitIn(queue), waitIn(queue)];
  expect(queue.size).toBe(2);
  expect([queue.wake("a"), queue.wake("b"), queue.wake("c")]).toEqual([true, true, false]);
  expect(await Promise.all(waits)).toEqual(["a", "b"]);
});

everywhere("wakeAll and failAll settle those that wait now, and say how many", async () => {
  const queue = new WaitQueue<number>();
  const waits = [waitIn(queue), waitIn(queue)];
  expect([queue.wakeAll(1), queue.wakeAll(2), queue.size]).toEqual([2, 0, 0]);
  expect(await Promise.all(waits)).toEqual([1, 1]);
  const failing = [errorOf(waitIn(queue)), errorOf(waitIn(queue))];
  expect([queue.failAll("no"), queue.failAll("no")]).toEqual([2, 0]);
  expect(await Promise.all(failing)).toEqual(["no", "no"]);
});

everywhere("what a waiter brings is there while it waits, the first one's first", async () => {
  const queue = new WaitQueue<string, string>();
  const bring = (item: string): Promise<string> => suspend<string>((waiter) => queue.add(waiter, item));
  const waits = [bring("a"), bring("b")];
  for (const item of ["a", "b"]) {
    expect(queue.first?.item).toBe(item);
    queue.wake(`took ${item}`);
  }
  expect(queue.first).toBe(undefined);
  expect(await Promise.all(waits)).toEqual(["took a", "took b"]);
});

everywhere("C5: a cancelled waiter leaves by itself, whoever wakes hands to the next", async () => {
  const queue = new WaitQueue<string>();
  const scope = new CancelScope();
  await taskGroup(async (group) => {
    group.spawn(() => scope.run(() => waitIn(queue)));
    await checkpoint();
    await checkpoint();
    const next = waitIn(queue);
    scope.cancel();
    expect(queue.size).toBe(1);
    queue.wake("item");
    expect(await next).toBe("item");
  });
});

everywhere("C5: a waiter that something else settled has left too, and takes nobody's wake-up", async () => {
  const queue = new WaitQueue<string>();
  const other: Waiter<string>[] = [];
  const first = suspend<string>((waiter) => (queue.add(waiter), void other.push(waiter)));
  const second = waitIn(queue);
  other[0]?.resume("from elsewhere");
  expect([queue.size, queue.wake("item")]).toEqual([1, true]);
  expect(await Promise.all([first, second])).toEqual(["from elsewhere", "item"]);
});

type Step =
  | { readonly op: "add" | "wake" | "take" | "wakeAll" | "failAll" }
  | { readonly op: "cancel"; readonly at: number };

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ op: "add" }) },
    { weight: 3, arbitrary: fc.constantFrom<Step[]>({ op: "wake" }, { op: "take" }) },
    { weight: 1, arbitrary: fc.constantFrom<Step[]>({ op: "wakeAll" }, { op: "failAll" }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant("cancel" as const), at: fc.nat(20) }) },
  ),
  { maxLength: 60 },
);

everywhere("a queue under any calls is a list with removal", async () => {
  const check = async (taken: readonly Step[]): Promise<void> => {
    const queue = new WaitQueue<string>();
    const model: number[] = [];
    const expected = new Map<number, string>();
    const outcomes: Promise<string>[] = [];
    const scopes: CancelScope[] = [];
    const settle = (id: number | undefined, how: string): void =>
      void (id === undefined || expected.set(id, how));
    const all = (how: string): void => model.splice(0).forEach((id) => settle(id, how));
    const apply: Record<Step["op"], (step: Step) => void> = {
      add: () => {
        const scope = new CancelScope();
        const wait = scope
          .run(() => waitIn(queue))
          .then(
            (value) => value ?? "cancelled",
            (error: unknown) => String(error),
          );
        model.push(outcomes.push(wait) - 1);
        scopes.push(scope);
      },
      wake: () => {
        expect(queue.wake("woken")).toBe(model.length > 0);
        settle(model.shift(), "woken");
      },
      take: () => {
        const waiter = queue.take();
        expect(waiter !== undefined).toBe(model.length > 0);
        waiter?.resume("taken");
        settle(model.shift(), "taken");
      },
      wakeAll: () => (expect(queue.wakeAll("all")).toBe(model.length), all("all")),
      failAll: () => (expect(queue.failAll("failed")).toBe(model.length), all("failed")),
      cancel: (step) => {
        const [id] = model.splice("at" in step ? step.at : 0, 1);
        if (id === undefined) return;
        scopes[id]?.cancel();
        settle(id, "cancelled");
      },
    };
    for (const step of taken) {
      apply[step.op](step);
      expect(queue.size).toBe(model.length);
    }
    apply.wakeAll({ op: "wakeAll" });
    expect(await Promise.all(outcomes)).toEqual(outcomes.map((_, id) => expected.get(id)));
  };
  await fc.assert(fc.asyncProperty(steps, check), { numRuns: 50, seed: 1 });
});
