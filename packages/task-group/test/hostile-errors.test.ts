// What a task throws may be anything: also what throws when it is looked at.
import { isCancelled, leaves, run } from "@arborio/core";
import { allSettled, race, supervisedGroup, taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorsOf } from "../../testing/test/outcome.ts";

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const boom = (): never => {
  throw new Error("looked at");
};

/** Each would hang its group if looking at it threw there. */
const HOSTILE: Readonly<Record<string, unknown>> = {
  "a revoked proxy": revoked(),
  "a name that throws": Object.defineProperty(new Error("x"), "name", { get: boom }),
  "a cause that throws": Object.defineProperty(new DOMException("x", "AbortError"), "cause", { get: boom }),
  "errors that throw": Object.defineProperty(new AggregateError([]), "errors", { get: boom }),
  "errors that throw one by one": Object.assign(new AggregateError([]), {
    errors: Object.defineProperty([1], "0", { get: boom }),
  }),
  "a message that is none": Object.assign(new Error("x"), { message: Symbol("no text") }),
  "a message that throws": Object.defineProperty(new Error("x"), "message", { get: boom }),
};

/** Whether it rejects with that very thing. It is given to no promise: that would look for its `then`. */
const rejectsWith = (promise: Promise<unknown>, thrown: unknown): Promise<boolean> =>
  promise.then(
    () => false,
    (error: unknown) => error === thrown,
  );

for (const [what, thrown] of Object.entries(HOSTILE)) {
  const fails = (): never => {
    throw thrown;
  };
  everywhere(`T2: ${what} fails its task, its group and its run, as it is`, async () => {
    expect(await rejectsWith(run(fails), thrown)).toBe(true);
    expect(await rejectsWith(race([fails]), thrown)).toBe(true);
    const groups = [
      () => taskGroup(fails),
      () => taskGroup((group) => void group.spawn(fails)),
      () => supervisedGroup((group) => void group.spawn(fails), fails),
    ];
    for (const group of groups) {
      const errors = await errorsOf(group());
      expect([errors.length, errors[0] === thrown]).toEqual([1, true]);
    }
    const [{ status }] = await allSettled([fails]);
    expect([status, isCancelled(thrown), leaves(thrown).length]).toEqual(["rejected", false, 1]);
  });
}
