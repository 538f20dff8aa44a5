import { CancelScope } from "@arborio/cancellation";
import { ClosedResourceError } from "@arborio/core";
import { KeptOperation } from "@arborio/streams/lowlevel";
import { test } from "@arborio/testing/vitest";
import { expect } from "vitest";

const same = <T>(value: T): T => value;

/** An operation that is ended by hand. */
class Manual<T> {
  started = 0;
  private settlers: { resolve(value: T): void; reject(error: unknown): void } | undefined;

  readonly start = (): Promise<T> => {
    this.started++;
    return new Promise((resolve, reject) => (this.settlers = { resolve, reject }));
  };

  end(value: T): void {
    this.settlers?.resolve(value);
  }

  fail(error: unknown): void {
    this.settlers?.reject(error);
  }
}

async function cancelled(operation: KeptOperation<string>, { start }: Manual<string>): Promise<void> {
  const scope = new CancelScope();
  const waiting = scope.run(() => operation.wait(start, same, {}));
  scope.cancel();
  await waiting;
}

test("M6: what a cancelled wait left goes to the next, which begins none of its own", async () => {
  const [operation, manual] = [new KeptOperation<string>(), new Manual<string>()];
  await cancelled(operation, manual);
  expect([operation.busy, operation.abandoned]).toEqual([false, true]);
  const next = operation.wait(manual.start, same, {});
  expect(operation.busy).toBe(true);
  manual.end("late");
  expect(await next).toBe("late");
  expect([manual.started, operation.abandoned]).toEqual([1, false]);
});

test("M6: what came while nobody waited is handed over at once", async () => {
  const [operation, manual] = [new KeptOperation<string>(), new Manual<string>()];
  await cancelled(operation, manual);
  manual.end("early");
  await operation.idle();
  expect(await operation.wait(manual.start, same, {})).toBe("early");
  expect(manual.started).toBe(1);
});

test("M6: a failure that nobody waited for is told to the next, and is no unhandled rejection", async () => {
  const [operation, manual] = [new KeptOperation<string>(), new Manual<string>()];
  await cancelled(operation, manual);
  manual.fail(new Error("late"));
  await operation.idle();
  await expect(operation.wait(manual.start, same, {})).rejects.toThrow("late");
  const again = operation.wait(manual.start, same, {});
  manual.end("well");
  expect(await again).toBe("well");
});

test("C3: in a cancelled scope none is begun", async () => {
  const [operation, manual] = [new KeptOperation<string>(), new Manual<string>()];
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    await operation.wait(manual.start, same, {});
  });
  expect([manual.started, operation.abandoned]).toEqual([0, false]);
});

test("C5: what came before the cancellation is delivered", async () => {
  const [operation, manual] = [new KeptOperation<string>(), new Manual<string>()];
  const scope = new CancelScope();
  let received: string | undefined;
  const waiting = scope.run(async () => (received = await operation.wait(manual.start, same, {})));
  manual.end("first");
  await operation.idle();
  scope.cancel();
  await waiting;
  expect([received, operation.abandoned]).toEqual(["first", false]);
});

test("M6: what the waiter does not take any more is kept", async () => {
  const [operation, manual] = [new KeptOperation<string>(), new Manual<string>()];
  const scope = new CancelScope();
  const cancel = (value: string): string => {
    scope.cancel();
    return value;
  };
  const waiting = scope.run(() => operation.wait(manual.start, cancel, {}));
  manual.end("first");
  await waiting;
  expect(operation.take()).toBe("first");
});

test("a part can be kept for the next, and what `hand` throws is thrown", async () => {
  const operation = new KeptOperation<string>();
  const whole = (): Promise<string> => Promise.resolve("abc");
  const cut = (value: string): string => {
    operation.keep(value.slice(1));
    return value.slice(0, 1);
  };
  expect([await operation.wait(whole, cut, {}), await operation.wait(whole, same, {})]).toEqual(["a", "bc"]);
  const refuse = (): never => {
    throw new Error("not this");
  };
  await expect(operation.wait(whole, refuse, {})).rejects.toThrow("not this");
});

test("an operation that throws at once rejects the wait", async () => {
  const operation = new KeptOperation<string>();
  const start = (): never => {
    throw new Error("at once");
  };
  await expect(operation.wait(start, same, {})).rejects.toThrow("at once");
  expect(operation.busy).toBe(false);
});

test("M4: end wakes who waits, fails later ones, and discards what comes or came for nobody", async () => {
  const closed = (): Error => new ClosedResourceError();
  const discarded: string[] = [];
  const discard = (late: string): void => void discarded.push(late);

  const [waitedFor, manual] = [new KeptOperation<string>(), new Manual<string>()];
  const waiting = expect(waitedFor.wait(manual.start, same, {})).rejects.toMatchObject({
    name: "ClosedResourceError",
  });
  waitedFor.end(closed, discard);
  await waiting;
  manual.end("late");
  await waitedFor.idle();
  await expect(waitedFor.wait(manual.start, same, {})).rejects.toMatchObject({ code: "ERR_CLOSED_RESOURCE" });

  const kept = new KeptOperation<string>();
  kept.keep("kept");
  kept.end(closed, discard);
  kept.end(closed, discard);
  expect([discarded, kept.abandoned]).toEqual([["late", "kept"], false]);
});

test("an operation that has begun is adopted: the next wait waits for it, and begins none", async () => {
  const [operation, manual] = [new KeptOperation<string>(), new Manual<string>()];
  operation.adopt(manual.start());
  const waiting = operation.wait(manual.start, same, {});
  expect(operation.busy).toBe(true);
  manual.end("adopted");
  expect(await waiting).toBe("adopted");
  expect([manual.started, operation.abandoned]).toEqual([1, false]);
});

test("M7: adopted for a wait that fails at once it is left, and its failure is no unhandled rejection", async () => {
  const [operation, manual] = [new KeptOperation<string>(), new Manual<string>()];
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    operation.adopt(manual.start());
    await operation.wait(manual.start, same, {});
  });
  expect([operation.busy, operation.abandoned]).toEqual([false, true]);
  manual.fail(new Error("late"));
  await operation.idle();
  expect([operation.abandoned, manual.started]).toEqual([true, 1]);
});
