import { CancelScope, unscoped } from "@arborio/cancellation";
import { isError, waitAllTasksBlocked } from "@arborio/core";
import { createMultiListener } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { simulate } from "@arborio/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { Connection, Listening } from "./listening.ts";

const SOURCES = 3;

/** A connection comes to that listener; or a task accepts, and may be cancelled before it has one. */
const step = fc.oneof(
  fc.record({ kind: fc.constant("connect" as const), to: fc.nat(SOURCES - 1) }),
  fc.record({ kind: fc.constant("accept" as const), cancelled: fc.boolean(), settles: fc.boolean() }),
);

type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

interface Came {
  readonly source: number;
  readonly connection: Connection;
}

/** What accept gave, in order; all that came is accepted in the end. */
async function play(steps: readonly Step[]): Promise<{ came: Came[]; given: Connection[] }> {
  const listeners = Array.from({ length: SOURCES }, () => new Listening());
  const all = createMultiListener(listeners);
  const came: Came[] = [];
  const given: Connection[] = [];
  const connect = (source: number): void => {
    const connection = new Connection(`${String(source)}-${String(came.length)}`);
    came.push({ source, connection });
    listeners[source]!.connect(connection);
  };
  await taskGroup(async (group) => {
    for (const one of steps) {
      if (one.kind === "connect") connect(one.to);
      else await accept(one.cancelled, one.settles);
    }
    while (given.length < came.length) given.push(await all.accept());

    async function accept(cancelled: boolean, settles: boolean): Promise<void> {
      const scope = new CancelScope();
      const task = group.spawn(() => scope.run(async () => void given.push(await all.accept())));
      if (settles) await waitAllTasksBlocked();
      if (cancelled || given.length >= came.length) scope.cancel();
      await task.wait();
    }
  });
  await all.close();
  return { came, given };
}

test("M6: whatever is cancelled when, each connection is accepted once, and each listener's in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.option(fc.nat(99)), async (steps, seed) => {
      const { came, given } = await simulate(() => play(steps), seed === null ? {} : { seed });
      const names = (list: readonly Connection[]): string[] => list.map(({ name }) => name);
      expect(names(given).sort()).toEqual(names(came.map(({ connection }) => connection)).sort());
      for (let source = 0; source < SOURCES; source++) {
        const of = came.filter((one) => one.source === source).map(({ connection }) => connection);
        expect(names(given.filter((one) => of.includes(one)))).toEqual(names(of));
      }
      expect(given.some(({ closed }) => closed)).toBe(false);
    }),
    { numRuns: 150 },
  );
});

test("however many connections wait at the others, one waits for at most two of each", async () => {
  const counts = fc.array(fc.nat(8), { minLength: SOURCES, maxLength: SOURCES });
  await fc.assert(
    fc.asyncProperty(counts, fc.option(fc.nat(99)), async (waiting, seed) => {
      const steps = waiting.flatMap((count, to) => Array<Step>(count).fill({ kind: "connect", to }));
      const { given } = await simulate(() => play(steps), seed === null ? {} : { seed });
      const sources = given.map(({ name }) => Number(name.split("-")[0]));
      const left = [...waiting];
      const skipped = waiting.map(() => 0);
      for (const source of sources) {
        left[source]!--;
        skipped[source] = 0;
        for (let other = 0; other < SOURCES; other++)
          if (other !== source && left[other]! > 0) skipped[other]!++;
        // One that was given while it was asked, one that was kept before.
        expect(Math.max(...skipped)).toBeLessThanOrEqual(2 * (SOURCES - 1));
      }
    }),
    { numRuns: 100 },
  );
});

everywhere("what was kept is served", async () => {
  const [a, b] = [new Listening(), new Listening()];
  const both = createMultiListener([a, b]);
  for (const listener of [a, b]) listener.connect(new Connection("kept"));
  await both.accept();
  await waitAllTasksBlocked();
  await taskGroup((group) => {
    group.spawn(() => both.serve(({ name }) => (expect(name).toBe("kept"), both.close())));
  });
});

everywhere("a cancelled scope of its own is no cancellation of who accepts", async () => {
  const scope = new CancelScope();
  const listening = new Listening();
  await scope.run(async () => {
    const one = createMultiListener([listening]);
    const accepting = unscoped(() => errorOf(one.accept()));
    await waitAllTasksBlocked();
    scope.cancel();
    const error = await unscoped(() => accepting);
    expect(isError(error, "BrokenResourceError")).toBe(true);
    await unscoped(() => one.close());
  });
});

everywhere("M4: a second task that accepts is told so", async () => {
  const both = createMultiListener([new Listening()]);
  const first = errorOf(both.accept());
  expect(isError(await errorOf(both.accept()), "BusyResourceError")).toBe(true);
  await both.close();
  expect(isError(await first, "ClosedResourceError")).toBe(true);
});

everywhere("what one fails with is told, and the others are accepted from", async () => {
  const [a, b] = [new Listening(), new Listening()];
  const both = createMultiListener([a, b]);
  await a.close();
  expect(isError(await errorOf(both.accept()), "ClosedResourceError")).toBe(true);
  b.connect(new Connection("b"));
  const outcomes = [await outcome(), await outcome()];
  expect(outcomes).toContain("b");
  await both.close();

  function outcome(): Promise<string> {
    return both.accept().then(
      ({ name }) => name,
      (error: unknown) => (error as Error).name,
    );
  }
});

test("it takes listeners, and at least one", () => {
  expect(() => createMultiListener([])).toThrow(RangeError);
  expect(() => createMultiListener([new Listening(), {} as never])).toThrow(
    new TypeError("Cannot make one listener of several: it takes listeners, received object"),
  );
});
