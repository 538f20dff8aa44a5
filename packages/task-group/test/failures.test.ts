import { checkpoint, isCancelled, sleepForever, TaskGroupError, type Cancelled } from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

const throws = (error: unknown) => (): never => {
  throw error;
};

/** The errors of the group that a group fails with. */
async function errorsOf(promise: Promise<unknown>): Promise<unknown[]> {
  const error = await errorOf(promise);
  expect(error).toBeInstanceOf(TaskGroupError);
  return (error as TaskGroupError).errors;
}

everywhere("T2: the body's failure cancels the children; even a single error comes out in a TaskGroupError", async () => {
  const failure = new Error("body");
  let cut = 0;
  const errors = await errorsOf(
    taskGroup(async (group) => {
      for (let count = 0; count < 3; count++) group.spawn(() => sleepForever().finally(() => cut++));
      await checkpoint();
      await checkpoint();
      throw failure;
    }),
  );
  expect([errors, cut]).toEqual([[failure], 3]);
});

everywhere("T2: a child's failure cancels its siblings and the body, also one that sleeps for ever", async () => {
  const failure = new Error("child");
  const cut: string[] = [];
  const errors = await errorsOf(
    taskGroup(async (group) => {
      group.spawn(() => sleepForever().finally(() => cut.push("sibling")));
      group.spawn(() => checkpoint().then(throws(failure)));
      await sleepForever().finally(() => cut.push("body"));
    }),
  );
  expect([errors, cut.sort()]).toEqual([[failure], ["body", "sibling"]]);
});

everywhere("T2: all errors of body and children come out", async () => {
  const failures = ["a", "b", "body"].map((name) => new Error(name));
  const errors = await errorsOf(
    taskGroup((group) => {
      group.spawn(throws(failures[0]));
      group.spawn(throws(failures[1]));
      throw failures[2];
    }),
  );
  expect(new Set(errors)).toEqual(new Set(failures));
});

everywhere("T2: a real error object counts once, thrown by a child and again by who awaited it", async () => {
  const failure = new Error("once");
  const errors = await errorsOf(
    taskGroup(async (group) => {
      const task = group.spawn(throws(failure));
      group.spawn(() => task.result());
      await task.result();
    }),
  );
  expect(errors).toEqual([failure]);
});

everywhere("T2: what is no object counts each time; undefined, null and what has no words are errors too", async () => {
  const wordless: unknown = Object.create(null);
  const errors = await errorsOf(
    taskGroup((group) => {
      for (const error of ["same", "same", undefined, null, wordless]) group.spawn(throws(error));
    }),
  );
  expect(errors.length).toBe(5);
  expect(errors.filter((error) => error === "same").length).toBe(2);
  expect(errors).toContain(wordless);
});

everywhere("T2: errors raised while being cancelled are kept", async () => {
  const first = new Error("first");
  const cleanup = new Error("clean-up");
  const errors = await errorsOf(
    taskGroup(async (group) => {
      group.spawn(() => sleepForever().finally(throws(cleanup)));
      await checkpoint();
      await checkpoint();
      throw first;
    }),
  );
  expect(errors).toEqual([first, cleanup]);
});

everywhere("C10: the siblings of a failed task see source sibling, the error, and the task's name", async () => {
  const failure = new Error("disk full");
  let seen: Cancelled | undefined;
  await errorOf(
    taskGroup(async (group) => {
      group.spawn(throws(failure), { name: "writer" });
      seen = (await errorOf(sleepForever())) as Cancelled;
    }),
  );
  expect(seen).toMatchObject({ source: "sibling", reason: failure, by: "writer" });
});

everywhere("T2: the message says the group's name and what went wrong", async () => {
  const error = await errorOf(
    taskGroup((group) => void [new Error("one"), new Error("two")].map((failure) => group.spawn(throws(failure))), {
      name: "workers",
    }),
  );
  for (const word of ["workers", "one", "two"]) expect((error as Error).message).toContain(word);
});

everywhere("T2: if a visible outer scope is cancelled too the Cancelled stay, one per task, until that removes them", async () => {
  const failure = new Error("real");
  const outer = new CancelScope();
  let inside: unknown;
  const error = await errorOf(
    outer.run(async () => {
      inside = await errorOf(
        taskGroup(async (group) => {
          group.spawn(sleepForever);
          group.spawn(() => sleepForever().finally(throws(failure)));
          await checkpoint();
          await checkpoint();
          outer.cancel();
          await checkpoint();
        }),
      );
      throw inside;
    }),
  );
  const { errors } = inside as TaskGroupError;
  expect([errors.length, errors.filter(isCancelled).length, errors.includes(failure)]).toEqual([3, 2, true]);
  expect(error).toBeInstanceOf(TaskGroupError);
  expect((error as TaskGroupError).errors).toEqual([failure]);
});

everywhere("T2: a Cancelled that leaves a child unabsorbed counts as its failure", async () => {
  const elsewhere = new CancelScope();
  const foreign = await elsewhere.run(() => {
    elsewhere.cancel();
    return errorOf(checkpoint());
  });
  let cut = false;
  await taskGroup((group) => {
    group.spawn(throws(foreign));
    group.spawn(() => sleepForever().finally(() => (cut = true)));
  });
  expect(cut).toBe(true);
});

everywhere("T3: only cancellations left: one plain Cancelled goes on", async () => {
  const outer = new CancelScope();
  let seen: unknown;
  await outer.run(async () => {
    seen = await errorOf(
      taskGroup(async (group) => {
        group.spawn(sleepForever);
        group.spawn(() => taskGroup((inner) => void inner.spawn(sleepForever)));
        await checkpoint();
        await checkpoint();
        outer.cancel();
        await sleepForever();
      }),
    );
    throw seen;
  });
  expect(seen).toBe(outer.signal.reason);
  expect(outer.cancelledCaught).toBe(true);
});

everywhere("T3: or the own scope absorbs it, and an outer scope that is cancelled later has nothing to do", async () => {
  const outer = new CancelScope();
  await outer.run(async () => {
    await taskGroup((group) => {
      group.spawn(sleepForever);
      group.cancel();
    });
    outer.cancel();
  });
  expect(outer.cancelledCaught).toBe(false);
});

everywhere("T9: a user-thrown error group is not unwrapped", async () => {
  const thrown = new AggregateError([new Error("a"), new Error("b")]);
  const empty = new AggregateError([]);
  expect(await errorsOf(taskGroup((group) => void group.spawn(throws(thrown))))).toEqual([thrown]);
  expect(await errorsOf(taskGroup(throws(empty)))).toEqual([empty]);
  expect(await errorsOf(taskGroup((group) => void group.spawn(throws(empty))))).toEqual([empty]);
});

everywhere("T9: groups within groups stay groups", async () => {
  const failure = new Error("deep");
  const [inner] = await errorsOf(
    taskGroup((group) => void group.spawn(() => taskGroup((within) => void within.spawn(throws(failure))))),
  );
  expect((inner as TaskGroupError).errors).toEqual([failure]);
});

everywhere("T9: body failing in a cancelled scope: its error wins, no Cancelled is added", async () => {
  const failure = new Error("body");
  const outer = new CancelScope();
  const errors = await errorsOf(
    outer.run(() =>
      taskGroup(() => {
        outer.cancel();
        throw failure;
      }),
    ) as Promise<never>,
  );
  expect([errors, outer.cancelledCaught]).toEqual([[failure], false]);
});

everywhere("T1: the group waits for its children under a cancellation from outside, once and for all", async () => {
  let cleaned = false;
  const outer = new CancelScope();
  await outer.run(() =>
    taskGroup((group) => {
      group.spawn(() => sleepForever().finally(() => shield(checkpoint).then(() => (cleaned = true))));
      group.spawn(() => void outer.cancel());
    }),
  );
  expect([cleaned, outer.cancelledCaught]).toEqual([true, true]);
});

everywhere("T2: 300 groups within each other: an error from the innermost comes out of all", async () => {
  const failure = new Error("deep");
  const nest = (left: number): Promise<unknown> => taskGroup(() => (left === 0 ? throws(failure)() : nest(left - 1)));
  let error = await errorOf(moveOnAfter(1e6, () => nest(299)));
  for (let depth = 0; depth < 300; depth++) error = (error as TaskGroupError).errors[0];
  expect(error).toBe(failure);
});

everywhere("C15: 5,000 groups within each other, each with a task, cancelled from outside", async () => {
  const scope = new CancelScope();
  let cut = 0;
  const nest = (left: number): Promise<unknown> =>
    taskGroup(async (group) => {
      group.spawn(() => sleepForever().finally(() => cut++));
      await checkpoint();
      if (left === 0) scope.cancel();
      return left === 0 ? sleepForever() : nest(left - 1);
    });
  await scope.run(() => nest(4_999));
  expect([cut, scope.cancelledCaught]).toEqual([5_000, true]);
});
