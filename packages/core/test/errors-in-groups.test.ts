import { collapse, leaves, split, TaskGroupError } from "@arborio/core";
import fc from "fast-check";
import { expect, test } from "vitest";

const [a, b, c] = ["a", "b", "c"].map((name) => new Error(name)) as [Error, Error, Error];

/** As code lowered from `using` throws it: no class of that name. */
function suppressed(error: unknown, hidden: unknown): Error {
  return Object.assign(new Error("suppressed"), { name: "SuppressedError", error, suppressed: hidden });
}

const isA = (error: unknown): boolean => error === a;

test("leaves: the errors a group is made of, in order, groups within it opened", () => {
  expect(leaves(a)).toEqual([a]);
  expect(leaves(new AggregateError([a, new TaskGroupError([b, suppressed(c, a)]), b]))).toEqual([
    a,
    b,
    c,
    a,
    b,
  ]);
  expect(leaves(new AggregateError([]))).toEqual([]);
  expect(leaves(undefined)).toEqual([undefined]);
  expect(leaves(new AggregateError([undefined, null, 1]))).toEqual([undefined, null, 1]);
});

test("leaves: a native SuppressedError is a group too, where there is one", () => {
  const { SuppressedError } = globalThis as {
    SuppressedError?: new (error: unknown, hidden: unknown) => Error;
  };
  if (SuppressedError !== undefined) expect(leaves(new SuppressedError(a, b))).toEqual([a, b]);
});

test("leaves: what only looks like a group is none", () => {
  const fakes = [
    { errors: [a] },
    Object.assign(new Error("fake"), { errors: [a] }),
    Object.assign(new Error(), { name: "SuppressedError" }),
  ];
  for (const fake of fakes) expect(leaves(fake)).toEqual([fake]);
  const broken = Object.assign(new AggregateError([a]), { errors: "none" });
  expect(leaves(broken)).toEqual([broken]);
});

test("leaves: a group that holds itself is opened once; one of 10,000 levels too", () => {
  const cycle = new AggregateError([a]);
  cycle.errors.push(new AggregateError([cycle, b]), cycle);
  expect(leaves(cycle)).toEqual([a, b]);
  let deep: Error = a;
  for (let depth = 0; depth < 10_000; depth++) deep = new AggregateError([deep]);
  expect(leaves(deep)).toEqual([a]);
});

test("leaves: of a group of 200,000", () => {
  const many = Array.from({ length: 200_000 }, () => a);
  expect(leaves(new AggregateError(many)).length).toBe(200_000);
});

test("split: a half that has all the leaves is the very error, one that has none is undefined", () => {
  const group = new TaskGroupError([a, new AggregateError([a])]);
  expect(split(group, isA)).toEqual([group, undefined]);
  expect(split(group, isA)[0]).toBe(group);
  expect(split(group, () => false)[1]).toBe(group);
  expect(split(a, isA)).toEqual([a, undefined]);
  expect(split(b, isA)).toEqual([undefined, b]);
});

test("split: of no leaves none match", () => {
  const empty = new AggregateError([]);
  expect(split(empty, () => true)).toEqual([undefined, empty]);
});

test("split: each half keeps the shape, the message and the cause; nothing is lost, nothing changed", () => {
  const inner = new AggregateError([a, b], "inner");
  const group = new TaskGroupError([inner, c, a], "outer", { cause: c });
  const [matched, rest] = split(group, isA) as [TaskGroupError, TaskGroupError];
  for (const half of [matched, rest]) {
    expect(half).toBeInstanceOf(TaskGroupError);
    expect(half).toMatchObject({ message: "outer", cause: c });
    expect(half.errors[0]).toMatchObject({ name: "AggregateError", message: "inner" });
  }
  expect([leaves(matched), leaves(rest)]).toEqual([
    [a, a],
    [b, c],
  ]);
  expect(leaves(group)).toEqual([a, b, c, a]);
  expect("cause" in (split(new AggregateError([a, b]), isA)[0] as Error)).toBe(false);
});

test("split: of a SuppressedError the other side is left", () => {
  expect(split(suppressed(a, b), isA)).toEqual([a, b]);
  expect(split(suppressed(b, a), isA)).toEqual([a, b]);
  expect(leaves(split(suppressed(new AggregateError([a, b]), suppressed(a, c)), isA)[1])).toEqual([b, c]);
});

test("split: a group that holds itself ends, and loses no leaf", () => {
  const inner = new AggregateError([a]);
  const cycle = new AggregateError([inner, b]);
  inner.errors.push(cycle);
  const [matched, rest] = split(cycle, isA);
  expect(leaves(matched)).toContain(a);
  expect(leaves(rest)).toContain(b);
});

test("split: a group that stands in several is parted in each", () => {
  const shared = new AggregateError([a]);
  const mixed = new AggregateError([a, b]);
  const [matched, rest] = split(
    new AggregateError([shared, new AggregateError([shared]), mixed, new AggregateError([mixed])]),
    isA,
  );
  expect(new Set(leaves(matched))).toEqual(new Set([a]));
  expect(new Set(leaves(rest))).toEqual(new Set([b]));
});

test("split: a thrown undefined is a leaf like others", () => {
  const [matched, rest] = split(new AggregateError([a, undefined]), isA) as [AggregateError, AggregateError];
  expect([matched.errors, rest.errors]).toEqual([[a], [undefined]]);
});

test("collapse: a group of one is that one, however deep; any other error is itself", () => {
  const two = new AggregateError([a, b]);
  const empty = new AggregateError([]);
  expect(collapse(new TaskGroupError([new AggregateError([a])]))).toBe(a);
  expect(collapse(new TaskGroupError([undefined]))).toBe(undefined);
  for (const error of [a, two, empty, "thrown"]) expect(collapse(error)).toBe(error);
});

const tree = fc.letrec<{ error: unknown }>((tie) => ({
  error: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.integer({ min: 0, max: 9 }),
    fc.array(tie("error"), { maxLength: 4 }).map((errors) => new TaskGroupError(errors)),
    fc.tuple(tie("error"), tie("error")).map(([error, hidden]) => suppressed(error, hidden)),
  ),
})).error;

test("split: the halves' leaves are the leaves, parted, in order, whatever the shape", () => {
  fc.assert(
    fc.property(tree, fc.func(fc.boolean()), (error, chosen) => {
      const predicate = (leaf: unknown): boolean => chosen(leaf);
      const [matched, rest] = split(error, predicate);
      const leavesOf = (half: unknown): unknown[] => (half === undefined ? [] : leaves(half));
      expect(leavesOf(matched)).toEqual(leaves(error).filter(predicate));
      expect(leavesOf(rest)).toEqual(leaves(error).filter((leaf) => !predicate(leaf)));
    }),
    { seed: 1 },
  );
});
