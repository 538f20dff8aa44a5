import * as core from "@arborio/core";
import { inspect } from "node:util";
import { OSError } from "@arborio/core/backend";
import { Cancelled, isCancelled, isError, isTimeout, type ErrorVocabulary } from "@arborio/core";
import { CancelScope, failAfter, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

type Name = keyof ErrorVocabulary;

/** The vocabulary: class and code. A class's `name` is its own, but for Cancelled's. */
const codes: Readonly<Record<Exclude<Name, "OSError">, string>> = {
  BrokenBarrierError: "ERR_BROKEN_BARRIER",
  BrokenResourceError: "ERR_BROKEN_RESOURCE",
  BusyResourceError: "ERR_BUSY_RESOURCE",
  Cancelled: "ABORT_ERR",
  ClosedResourceError: "ERR_CLOSED_RESOURCE",
  ConnectionFailed: "ERR_CONNECTION_FAILED",
  DeadlockError: "ERR_DEADLOCK",
  DelimiterNotFound: "ERR_DELIMITER_NOT_FOUND",
  EndOfStream: "ERR_END_OF_STREAM",
  FutureAlreadyFinished: "ERR_FUTURE_ALREADY_FINISHED",
  FutureCancelled: "ERR_FUTURE_CANCELLED",
  FutureFailed: "ERR_FUTURE_FAILED",
  FutureNotFinished: "ERR_FUTURE_NOT_FINISHED",
  GroupClosedError: "ERR_GROUP_CLOSED",
  IncompleteRead: "ERR_INCOMPLETE_READ",
  MisuseError: "ERR_MISUSE",
  NoBackendError: "ERR_NO_BACKEND",
  NotStartedError: "ERR_NOT_STARTED",
  RunFinishedError: "ERR_RUN_FINISHED",
  TaskCancelled: "ERR_TASK_CANCELLED",
  TaskGroupError: "ERR_TASK_GROUP",
  TimeoutError: "ERR_TIMEOUT",
  TypedAttributeLookupError: "ERR_TYPED_ATTRIBUTE_LOOKUP",
  UnsupportedError: "ERR_UNSUPPORTED",
  WorkerError: "ERR_WORKER",
  WouldBlock: "ERR_WOULD_BLOCK",
};
const names = Object.keys(codes) as (keyof typeof codes)[];

/** An error of each class. */
function make(name: keyof typeof codes): Error {
  if (name === "Cancelled") return new Cancelled("cancel");
  if (name === "TaskGroupError") return new core.TaskGroupError([], "message");
  return new core[name]("message", { cause: "cause" });
}

test.each(names)("E: %s has its name, its code and its brand, and is an Error", (name) => {
  const error = make(name);
  expect(error).toBeInstanceOf(Error);
  expect(error).toBeInstanceOf(core[name]);
  expect(error).toMatchObject({ name: name === "Cancelled" ? "AbortError" : name, code: codes[name] });
  for (const other of names) expect(isError(error, other)).toBe(other === name);
  if (name !== "Cancelled" && name !== "TaskGroupError")
    expect(error).toMatchObject({ message: "message", cause: "cause" });
});

test("E: the errors that core exports are the vocabulary", () => {
  const exported = Object.entries(core).filter(
    ([, value]) => typeof value === "function" && value.prototype instanceof Error,
  );
  expect(exported.map(([name]) => name).sort()).toEqual([...names].sort());
});

test("E: Cancelled, WouldBlock and EndOfStream have no stack, the others have, also after those", () => {
  const stackless: Name[] = ["Cancelled", "WouldBlock", "EndOfStream"];
  for (const name of names)
    expect([name, /\n\s+at /.test(make(name).stack ?? "")]).toEqual([name, !stackless.includes(name)]);
});

test("E: a stackless error that cannot be made leaves the stacks of others as they were", () => {
  const limit = (Error as { stackTraceLimit?: number }).stackTraceLimit;
  const options = {
    get cause(): never {
      throw new Error("no cause");
    },
  };
  thrownBy(() => new core.WouldBlock("message", options));
  expect((Error as { stackTraceLimit?: number }).stackTraceLimit).toBe(limit);
});

test("E: OSError has POSIX's code, what was tried on what, and the host's error", () => {
  const cause = new Error("host's");
  const error = new OSError({ code: "ENOENT", syscall: "open", path: "/nowhere", cause });
  expect(error).toMatchObject({
    name: "OSError",
    code: "ENOENT",
    syscall: "open",
    path: "/nowhere",
    address: undefined,
    cause,
  });
  expect(error.message).toBe("Cannot open /nowhere: no such file or directory (ENOENT)");
  expect(isError(error, "OSError")).toBe(true);
  const other = new OSError({ code: "EODD", syscall: "connect", address: "[::1]:80", reason: "odd" });
  expect(other.message).toBe("Cannot connect [::1]:80: odd (EODD)");
  expect("cause" in other).toBe(false);
  expect(new OSError({ code: "EODD", syscall: "fsync" }).message).toMatch(/^Cannot fsync: .+ \(EODD\)$/);
});

test("E: isError and isCancelled take anything", () => {
  const hostile = [
    undefined,
    null,
    0,
    "Cancelled",
    Symbol("s"),
    {},
    Object.create(null),
    [],
    () => 1,
    new Error("no"),
  ];
  for (const value of hostile) {
    expect(isError(value, "Cancelled")).toBe(false);
    expect(isCancelled(value)).toBe(false);
    expect(isTimeout(value)).toBe(false);
  }
});

test("C19: isCancelled is true for a Cancelled and for any group with one among its leaves", () => {
  const cancelled = new Cancelled("cancel");
  const real = new Error("real");
  expect(isCancelled(cancelled)).toBe(true);
  expect(isCancelled(new AggregateError([real, new AggregateError([cancelled])]))).toBe(true);
  expect(isCancelled(new AggregateError([real]))).toBe(false);
  expect(
    isCancelled(Object.assign(new Error(), { name: "SuppressedError", error: real, suppressed: cancelled })),
  ).toBe(true);
  expect(isCancelled(new Error("wrapped", { cause: cancelled }))).toBe(false);
});

test("C19: an AbortError counts by its reason or cause, as the platform's", () => {
  const { signal } = new AbortController();
  const cancelled = new Cancelled("deadline");
  expect(isCancelled(thrownBy(() => AbortSignal.abort(cancelled).throwIfAborted()))).toBe(true);
  expect(isCancelled(Object.assign(new DOMException("aborted", "AbortError"), { cause: cancelled }))).toBe(
    true,
  );
  expect(isCancelled(new DOMException("aborted", "AbortError"))).toBe(false);
  expect(isCancelled(thrownBy(() => AbortSignal.abort().throwIfAborted()))).toBe(false);
  expect(signal.aborted).toBe(false);
});

test("E: isTimeout is true for ours and for the platform's", () => {
  expect(isTimeout(new core.TimeoutError("late"))).toBe(true);
  expect(isTimeout(new DOMException("late", "TimeoutError"))).toBe(true);
  expect(isTimeout(new Error("TimeoutError"))).toBe(false);
});

everywhere(
  "E: messages read `Cannot <do> <object>: <reason>`, with what was received for a wrong argument",
  async () => {
    const used = new CancelScope();
    await used.run(() => undefined);
    const errors: unknown[] = [
      thrownBy(() => used.run(() => undefined)),
      thrownBy(() => core.host()),
      await errorOf(failAfter(0, core.sleepForever)),
      await errorOf(taskGroup((group) => (group.cancel(), core.checkpoint()))),
    ];
    await taskGroup(async (group) => {
      errors.push(await errorOf(group.start(() => 1)));
      const task = group.spawn(core.sleepForever);
      task.cancel();
      errors.push(await errorOf(task.result()));
      await group.start(
        (starting) => (starting.started(), void errors.push(thrownBy(() => starting.started()))),
      );
    });
    for (const error of errors) expect((error as Error).message).toMatch(/^Cannot [^:]+: ./);
    const wrong = [
      thrownBy(() => core.sleep("1" as never)),
      thrownBy(() => core.sleep(NaN)),
      thrownBy(() => core.run(1 as never)),
      thrownBy(() => moveOnAfter({} as never, () => 1)),
      thrownBy(() => new CancelScope({ shield: null as never })),
      thrownBy(() => core.sleepForever({ signal: 1 as never })),
    ];
    for (const error of wrong) expect((error as Error).message).toMatch(/^Cannot [^:]+: .+, received \w+$/);
  },
);

test("consoles print an error by its name, not by that of the class that all share", () => {
  expect(inspect(new core.BrokenResourceError("broken"))).toMatch(/^BrokenResourceError: broken/);
  expect(inspect(new core.EndOfStream("over"))).toContain("EndOfStream: over");
});
