import {
  checkpoint,
  isCancelled,
  sleepForever,
  TaskCancelled,
  TaskGroupError,
  type Cancelled,
} from "@arborio/core";
import { CancelScope, shield } from "@arborio/cancellation";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";

/** The Cancelled of the scope this runs in, which is cancelled by it. */
async function cancelledOf(scope: CancelScope): Promise<Cancelled> {
  scope.cancel();
  return (await errorOf(checkpoint())) as Cancelled;
}

/** Runs a scope that cancels itself and throws what is made of its Cancelled. */
function throwing(make: (cancelled: Cancelled) => unknown): [CancelScope, Promise<unknown>] {
  const scope = new CancelScope();
  const result = scope.run(async () => {
    throw make(await cancelledOf(scope));
  });
  return [scope, result];
}

everywhere("C6: a scope that was not cancelled lets the Cancelled of an outer one through", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  let after = false;
  await outer.run(async () => {
    await inner.run(() => cancelledOf(outer).then((error) => Promise.reject(error)));
    after = true;
  });
  expect([outer.cancelledCaught, inner.cancelledCaught, after]).toEqual([true, false, false]);
});

everywhere(
  "C6: if both are cancelled the outer absorbs, the inner reports cancelledCaught = false",
  async () => {
    for (const order of [
      ["inner", "outer"],
      ["outer", "inner"],
    ]) {
      const scopes = { outer: new CancelScope(), inner: new CancelScope() };
      let after = false;
      await scopes.outer.run(async () => {
        await scopes.inner.run(async () => {
          for (const name of order) scopes[name as "outer"].cancel();
          await checkpoint();
        });
        after = true;
      });
      expect([scopes.outer.cancelledCaught, scopes.inner.cancelledCaught, after]).toEqual([
        true,
        false,
        false,
      ]);
    }
  },
);

everywhere("C6: the outer cancelled while the inner's cancellation is on its way absorbs it", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope();
  await outer.run(() =>
    inner.run(async () => {
      inner.cancel();
      try {
        await checkpoint();
      } finally {
        outer.cancel();
      }
    }),
  );
  expect([outer.cancelledCaught, inner.cancelledCaught]).toEqual([true, false]);
});

everywhere("C6: a cancelled scope under a shield absorbs its own, though outside is cancelled", async () => {
  const outer = new CancelScope();
  const inner = new CancelScope({ shield: true });
  let after = false;
  await outer.run(async () => {
    outer.cancel();
    await inner.run(async () => {
      inner.cancel();
      await checkpoint();
    });
    after = true;
  });
  expect([outer.cancelledCaught, inner.cancelledCaught, after]).toEqual([false, true, true]);
});

everywhere(
  "C6: absorbed by state: a Cancelled kept from elsewhere goes through a scope that is not cancelled",
  async () => {
    const [, kept] = throwing((cancelled) => ({ cancelled }));
    const { cancelled } = (await errorOf(kept)) as { cancelled: Cancelled };
    const scope = new CancelScope();
    expect(await errorOf(scope.run(() => Promise.reject(cancelled)))).toBe(cancelled);
    expect(scope.cancelledCaught).toBe(false);
  },
);

everywhere(
  "C7: from a group only the Cancelled leaves are removed; the others go on, regrouped, cause kept",
  async () => {
    const real = new Error("real");
    const cause = new Error("cause");
    const [scope, result] = throwing(
      (cancelled) =>
        new TaskGroupError([new AggregateError([cancelled, real], "within"), cancelled], "all", { cause }),
    );
    const error = (await errorOf(result)) as TaskGroupError;
    expect(error).toBeInstanceOf(TaskGroupError);
    expect([error.message, error.cause, error.errors.length]).toEqual(["all", cause, 1]);
    expect(error.errors[0]).toBeInstanceOf(AggregateError);
    expect((error.errors[0] as AggregateError).errors).toEqual([real]);
    expect(scope.cancelledCaught).toBe(true);
  },
);

everywhere("C7: a group of nothing but Cancelled is absorbed", async () => {
  const [scope, result] = throwing(
    (cancelled) => new AggregateError([new TaskGroupError([cancelled]), cancelled]),
  );
  expect(await result).toBe(undefined);
  expect(scope.cancelledCaught).toBe(true);
});

everywhere("C7: a group without any is left untouched, the very object, and nothing was caught", async () => {
  const groups = [
    new TaskGroupError([new Error("a")]),
    new AggregateError([]),
    new AggregateError([undefined]),
  ];
  for (const group of groups) {
    const [scope, result] = throwing(() => group);
    expect(await errorOf(result)).toBe(group);
    expect(scope.cancelledCaught).toBe(false);
  }
});

everywhere("C7: a thrown undefined beside a Cancelled is not lost", async () => {
  const [, result] = throwing((cancelled) => new AggregateError([cancelled, undefined]));
  const error = (await errorOf(result)) as AggregateError;
  expect(error.errors).toEqual([undefined]);
});

everywhere("C7: a group that holds itself ends", async () => {
  const real = new Error("real");
  const [, result] = throwing((cancelled) => {
    const group = new AggregateError([cancelled, real]);
    group.errors.push(group);
    return group;
  });
  expect(((await errorOf(result)) as AggregateError).errors).toContain(real);
});

everywhere("C19: of a SuppressedError, known by name and fields, a scope takes its side", async () => {
  const real = new Error("real");
  const suppressed = (error: unknown, hidden: unknown): Error =>
    Object.assign(new Error("lowered"), { name: "SuppressedError", error, suppressed: hidden });
  expect(await errorOf(throwing((cancelled) => suppressed(real, cancelled))[1])).toBe(real);
  expect(await errorOf(throwing((cancelled) => suppressed(cancelled, real))[1])).toBe(real);
  expect(await throwing((cancelled) => suppressed(cancelled, cancelled))[1]).toBe(undefined);
});

everywhere("C19: an AbortError whose reason or cause is our Cancelled counts as it", async () => {
  const abort = (fields: object): Error =>
    Object.assign(new Error("aborted"), { name: "AbortError", ...fields });
  for (const field of ["reason", "cause"]) {
    const [scope, result] = throwing((cancelled) => abort({ [field]: cancelled }));
    expect(await result).toBe(undefined);
    expect(scope.cancelledCaught).toBe(true);
  }
  const foreign = abort({ cause: new Error("other") });
  expect(await errorOf(throwing(() => foreign)[1])).toBe(foreign);
});

everywhere("C19: TaskCancelled is no cancellation, though a Cancelled is its cause", async () => {
  const [, result] = throwing((cancelled) => new TaskCancelled("cut", { cause: cancelled }));
  const error = await errorOf(result);
  expect(error).toBeInstanceOf(TaskCancelled);
  expect(isCancelled(error)).toBe(false);
});

everywhere("C6: an error thrown in finally replaces the Cancelled and goes on", async () => {
  const failure = new Error("clean-up");
  const scope = new CancelScope();
  const result = scope.run(async () => {
    scope.cancel();
    try {
      await sleepForever();
    } finally {
      await shield(checkpoint);
      // eslint-disable-next-line no-unsafe-finally -- what is tested
      throw failure;
    }
  });
  expect(await errorOf(result)).toBe(failure);
  expect([scope.cancelCalled, scope.cancelledCaught]).toEqual([true, false]);
});
