import { formatError, TaskGroupError } from "@arborio/core";
import { expect, test } from "vitest";

/** Without the lines of stacks, which differ from runtime to runtime. */
const shape = (error: unknown): string[] =>
  formatError(error)
    .split("\n")
    .filter((line) => !/^[\s│]*at /.test(line));

const plain = (name: string, options?: ErrorOptions): Error => new Error(name, options);

test("an error is its name and message, then its stack", () => {
  const lines = formatError(new RangeError("no")).split("\n");
  expect(lines[0]).toBe("RangeError: no");
  expect(lines.slice(1).length).toBeGreaterThan(0);
  for (const line of lines.slice(1)) expect(line).toMatch(/^ {4}at /);
});

test("a group is a tree of what went wrong", () => {
  const group = new TaskGroupError(
    [plain("one"), new AggregateError([plain("two"), plain("three")], "inner"), plain("four")],
    "outer",
  );
  expect(shape(group)).toEqual([
    "TaskGroupError: outer",
    "├─ Error: one",
    "├─ AggregateError: inner",
    "│  ├─ Error: two",
    "│  └─ Error: three",
    "└─ Error: four",
  ]);
});

test("a SuppressedError shows both its errors", () => {
  const error = Object.assign(plain("both"), {
    name: "SuppressedError",
    error: plain("one"),
    suppressed: plain("two"),
  });
  expect(shape(error)).toEqual(["SuppressedError: both", "├─ Error: one", "└─ Error: two"]);
});

test("causes are shown, within a tree too", () => {
  const group = new TaskGroupError([plain("one", { cause: plain("root", { cause: "words" }) })], "outer");
  expect(shape(group)).toEqual([
    "TaskGroupError: outer",
    "└─ Error: one",
    "   caused by: Error: root",
    "     caused by: thrown: words",
  ]);
});

test("what is no error is shown as thrown, whatever it is", () => {
  expect(shape("words")).toEqual(["thrown: words"]);
  expect(shape(undefined)).toEqual(["thrown: undefined"]);
  expect(shape(Symbol("s"))).toEqual(["thrown: Symbol(s)"]);
  expect(shape(Object.create(null))).toEqual(["thrown: object"]);
});

test("an error met again is not opened again: causes and groups that hold themselves end", () => {
  const self = plain("self");
  self.cause = self;
  expect(shape(self)).toEqual(["Error: self", "caused by: Error: self (shown above)"]);
  const cycle = new AggregateError([], "cycle");
  cycle.errors.push(cycle);
  expect(shape(cycle)).toEqual(["AggregateError: cycle", "└─ AggregateError: cycle (shown above)"]);
});
