// What messages hold of texts from outside: names, paths, reasons of peers and hosts.
import { CancelScope, failAfter } from "@arborio/cancellation";
import {
  Cancelled,
  DeadlockError,
  formatTaskTree,
  run,
  RunVar,
  TaskGroupError,
  type TaskInfo,
} from "@arborio/core";
import * as core from "@arborio/core";
import { oneLine, OSError } from "@arborio/core/backend";
import { show, wrongType } from "@arborio/core/lowlevel";
import { taskGroup } from "@arborio/task-group";
import fc from "fast-check";
import { expect, test } from "vitest";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
const texts = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("\n", "\u001b[31m", "\u202e", "\ud83d", "\ude00", "😀", "\0", "\u2028", "a"),
  }),
  fc
    .tuple(fc.string({ unit: "binary", minLength: 1 }), fc.nat({ max: 1 << 16 }))
    .map(([part, count]) => part.repeat(count).slice(0, 1 << 20)),
);

test("a text becomes one line of at most so many characters, with nothing a terminal obeys", () => {
  fc.assert(
    fc.property(texts, fc.constantFrom(100, 102, 300), (text, most) => {
      const line = oneLine(text, most);
      expect(line.length).toBeLessThanOrEqual(most);
      expect(line).not.toMatch(UNSAFE);
      expect(oneLine(line, most)).toBe(line);
    }),
  );
});

test("what is short and harmless stays as it is, in any script", () => {
  for (const text of ["", "Cannot open /tmp/x: no such file or directory (ENOENT)", "größe 名前 😀", "a\\b"])
    expect(oneLine(text)).toBe(text);
});

test("what is long has its beginning and its end: there the reason is", () => {
  const error = new OSError({ code: "ENOENT", syscall: "open", path: `/${"x".repeat(1 << 20)}` });
  expect(error.message).toHaveLength(300);
  expect(error.message).toMatch(/^Cannot open \/x+…x+: no such file or directory \(ENOENT\)$/);
  expect(error.path).toHaveLength((1 << 20) + 1);
});

test("each error of the vocabulary has such a message, and a stack that begins with it", () => {
  const hostile = `\u001b[2J\n${"x".repeat(1 << 20)}`;
  const made = Object.entries(core).flatMap(([name, value]) => {
    if (typeof value !== "function" || !(value.prototype instanceof Error) || name === "DeadlockError")
      return [];
    const Made = value as unknown as new (...args: unknown[]) => Error;
    if (name === "Cancelled") return [new Cancelled("cancel", hostile, hostile)];
    return [name === "TaskGroupError" ? new Made([], hostile) : new Made(hostile)];
  });
  made.push(new OSError({ code: hostile, syscall: hostile, address: hostile, reason: hostile }));
  expect(made.length).toBeGreaterThan(20);
  for (const { message, stack = "" } of made) {
    expect(message.length).toBeLessThanOrEqual(300);
    expect(message).not.toMatch(UNSAFE);
    expect(stack.split("\n    at ")[0]).not.toContain("\u001b");
    expect(stack.split("\n")[0]!.length).toBeLessThan(400);
  }
});

test("of a DeadlockError the message is the task tree, of which each task has a line", () => {
  expect(new DeadlockError("a\nb").message).toBe("a\nb");
  const info: TaskInfo = {
    id: 1,
    name: `x\n└─ forged ${"y".repeat(1 << 20)}`,
    status: "pending",
    parent: undefined,
    children: [],
    waitingFor: ["the stat of /a\nb"],
    spawnedAt: undefined,
  };
  const tree = formatTaskTree(info);
  expect(tree).toMatch(/^x\\u\{a\}└─ forged y+…y+ \(pending\) waits for the stat of \/a\\u\{a\}b$/);
  expect(tree.length).toBeLessThan(300);
});

test.each<[unknown, string]>([
  ["a\nb", '"a\\nb"'],
  ["\u001b[31m\u009b", '"\\u001b[31m\\u{9b}"'],
  ["x".repeat(1 << 20), `"${"x".repeat(50)}…${"x".repeat(49)}"`],
  [function hostile() {}, "a function"],
  [{ toString: () => "x".repeat(1 << 20) }, "an object"],
  [Object.create(null), "an object"],
  [Symbol("s\n"), "Symbol(s\\u{a})"],
  [null, "null"],
  [undefined, "undefined"],
  [-0.5, "-0.5"],
])("a value as messages show it: %#", (value, shown) => {
  expect(show(value)).toBe(shown);
});

test("names of tasks, groups, variables and deadlines are bounded where messages hold them", async () => {
  const name = `\n${"n".repeat(1 << 20)}`;
  const errors = [
    await errorOf(taskGroup((group) => group.start(async () => {}, { name }))),
    await errorOf(
      taskGroup(
        async (group) => {
          group.scope.cancel();
          await core.checkpoint();
        },
        { name },
      ),
    ),
    await errorOf(failAfter(0, () => core.sleepForever(), { reason: name })),
    thrownBy(() => new RunVar(name).reset(new RunVar("x").set(1) as never)),
  ].flatMap((error) => core.leaves(error) as Error[]);
  expect(errors).toHaveLength(4);
  for (const error of errors) {
    expect(error.message).not.toMatch(UNSAFE);
    expect(error.message.length).toBeLessThanOrEqual(300);
  }
});

test("T8: a name that is no string is a TypeError; a function's own that is none is not taken", async () => {
  for (const name of [5, Symbol("s"), {}, null]) {
    if (name !== null)
      expect(thrownBy(() => void run(() => {}, { name: name as never }))).toEqual(
        wrongType("start a task", "its name must be a string", name),
      );
  }
  const fn = Object.defineProperty(async () => {}, "name", { value: Symbol("s") });
  expect(await run(async () => taskGroup((group) => group.spawn(fn).name))).toBe("anonymous");
  expect(thrownBy(() => new RunVar(Symbol("s") as never))).toBeInstanceOf(TypeError);
});

test("a reason whose words cannot be had is told by its type", () => {
  const hostile = {
    toString: (): never => {
      throw new Error("no words");
    },
  };
  expect(new Cancelled("cancel", hostile).message).toBe("Cancelled by cancel: object");
  const error = Object.defineProperty(new Error("x"), "message", { value: Symbol("s") });
  expect(new TaskGroupError([error], "m").message).toBe("m");
  expect(new Cancelled("cancel", error).message).toBe("Cancelled by cancel: Symbol(s)");
  expect(new CancelScope().cancelCalled).toBe(false);
});
