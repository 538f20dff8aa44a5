import { isCancelled, sleep, sleepForever } from "@arborio/core";
import { abortable, CancelScope, moveOnAfter } from "@arborio/cancellation";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

everywhere("C18: it gives what the promise gives, and throws what it rejects with", async () => {
  const failure = new Error("no");
  expect(await abortable(Promise.resolve(7))).toBe(7);
  expect(await errorOf(abortable(Promise.reject(failure)))).toBe(failure);
});

everywhere("C18: the wait ends, the work goes on", async () => {
  const work = makeGate<string>();
  expect(await moveOnAfter(0, () => abortable(work.promise))).toBe(undefined);
  work.resolve("done");
  expect(await abortable(work.promise)).toBe("done");
});

everywhere("C18: its late result is dropped, its late rejection handled", async () => {
  const late = makeGate<string>();
  const failing = makeGate<string>();
  for (const { promise } of [late, failing]) {
    await new CancelScope().run((scope) => {
      const wait = abortable(promise);
      scope.cancel();
      return wait;
    });
  }
  late.resolve("late");
  failing.reject(new Error("late"));
  await sleep(0);
});

everywhere(
  "C18: in a cancelled scope it throws at once, and the promise's rejection is handled too",
  async () => {
    const scope = new CancelScope();
    let error: unknown;
    await scope.run(async () => {
      scope.cancel();
      error = await errorOf(abortable(Promise.reject(new Error("unseen"))));
    });
    expect(error).toSatisfy(isCancelled);
  },
);

everywhere("C18: a thenable that throws rejects the wait", async () => {
  const failure = new Error("no");
  const throwing = {
    then: (): never => {
      throw failure;
    },
  };
  expect(await errorOf(abortable(throwing))).toBe(failure);
});

everywhere(
  "C18: a thenable that throws after it settled, or settles twice, is as it settled first",
  async () => {
    const twice = {
      then: (resolve: (value: string) => void, reject: (error: unknown) => void) => {
        resolve("first");
        resolve("second");
        reject(new Error("third"));
        throw new Error("fourth");
      },
    };
    expect(await abortable(twice as unknown as Promise<string>)).toBe("first");
  },
);

everywhere("C18: a promise of a Cancelled is that: it cancels nobody else", async () => {
  const scope = new CancelScope();
  const cancelled = await scope.run(() => {
    scope.cancel();
    return errorOf(sleepForever());
  });
  expect(await errorOf(abortable(Promise.reject(cancelled)))).toBe(cancelled);
});

everywhere("C18: what is no promise is a TypeError", () => {
  for (const wrong of [undefined, null, 1, () => Promise.resolve()]) {
    expect(thrownBy(() => abortable(wrong as never))).toBeInstanceOf(TypeError);
  }
});
