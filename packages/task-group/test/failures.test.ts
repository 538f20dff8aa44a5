import type { TaskGroupError } from "@arborio/core";
import { checkpoint, sleepForever, type Cancelled } from "@arborio/core";
import { moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, errorsOf } from "../../testing/test/outcome.ts";

const throws = (error: unknown) => (): never => {
  throw error;
};

everywhere(
  "T2: the body's failure cancels the children; even a single error comes out in a TaskGroupError",
  async () => {
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
  },
);

everywhere(
  "T2: a child's failure cancels its siblings and the body, also one that sleeps for ever",
  async () => {
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
  },
);

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

everywhere(
  "T2: what is no object counts each time; undefined, null and what has no words are errors too",
  async () => {
    const wordless: unknown = Object.create(null);
    const errors = await errorsOf(
      taskGroup((group) => {
        for (const error of ["same", "same", undefined, null, wordless]) group.spawn(throws(error));
      }),
    );
    expect(errors.length).toBe(5);
    expect(errors.filter((error) => error === "same").length).toBe(2);
    expect(errors).toContain(wordless);
  },
);

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

everywhere(
  "C10: the siblings of a failed task see source sibling, the error, and the task's name",
  async () => {
    const failure = new Error("disk full");
    let seen: Cancelled | undefined;
    await errorOf(
      taskGroup(async (group) => {
        group.spawn(throws(failure), { name: "writer" });
        seen = (await errorOf(sleepForever())) as Cancelled;
      }),
    );
    expect(seen).toMatchObject({ source: "sibling", reason: failure, by: "writer" });
  },
);

everywhere("T2: the message says the group's name and what went wrong", async () => {
  const error = await errorOf(
    taskGroup(
      (group) => void [new Error("one"), new Error("two")].map((failure) => group.spawn(throws(failure))),
      {
        name: "workers",
      },
    ),
  );
  for (const word of ["workers", "one", "two"]) expect((error as Error).message).toContain(word);
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

everywhere("T2: 300 groups within each other: an error from the innermost comes out of all", async () => {
  const failure = new Error("deep");
  const nest = (left: number): Promise<unknown> =>
    taskGroup(() => (left === 0 ? throws(failure)() : nest(left - 1)));
  let error = await errorOf(moveOnAfter(1e6, () => nest(299)));
  for (let depth = 0; depth < 300; depth++) error = (error as TaskGroupError).errors[0];
  expect(error).toBe(failure);
});
