// Where errors come from (M8).
import * as coreA from "@arborio/core";
import * as lowA from "@arborio/core/lowlevel";
import { expect, test, vi } from "vitest";

const { comesFrom, TaskGroupError } = coreA;
const { copyOrigin, markLayer, markOrigin } = lowA;

test("an error comes from the stream that made it, from what that lies on, and from a layer over it", () => {
  const [socket, tls, lines] = [{}, {}, {}];
  markLayer(tls, socket);
  markLayer(lines, tls);
  for (const maker of [socket, tls, lines]) {
    const error = markOrigin(new Error("x"), maker);
    expect([socket, tls, lines].map((stream) => comesFrom(error, stream))).toEqual([true, true, true]);
    expect(comesFrom(error, {})).toBe(false);
  }
});

test("what lies on one stream beside another is not that other", () => {
  const [connection, one, other] = [{}, {}, {}];
  for (const stream of [one, other]) markLayer(stream, connection);
  expect(comesFrom(markOrigin(new Error("x"), one), other)).toBe(false);
  expect(comesFrom(markOrigin(new Error("x"), connection), other)).toBe(true);
});

test("a layer may lie on several streams, and be told of them one by one", () => {
  const [staple, out, into, late] = [{}, {}, {}, {}];
  markLayer(staple, out, into);
  markLayer(staple, late);
  const error = markOrigin(new Error("x"), staple);
  expect([out, into, late].map((stream) => comesFrom(error, stream))).toEqual([true, true, true]);
});

test("a stream that is given back by what lies on it is below it still, and nothing runs in circles", () => {
  const [socket, tls] = [{}, {}];
  markLayer(tls, socket);
  markLayer(socket, tls);
  expect(comesFrom(markOrigin(new Error("x"), socket), tls)).toBe(true);
  expect(comesFrom(markOrigin(new Error("x"), tls), {})).toBe(false);
});

test("the first mark stays", () => {
  const [below, above] = [{}, {}];
  const error = markOrigin(markOrigin(new Error("x"), below), above);
  expect([comesFrom(error, below), comesFrom(error, above)]).toEqual([true, false]);
});

test("an error that is made of another comes from where that does", () => {
  const stream = {};
  const first = markOrigin(new Error("x"), stream);
  expect(comesFrom(copyOrigin(new Error("y"), first), stream)).toBe(true);
  expect(comesFrom(copyOrigin(new Error("y"), new Error("z")), stream)).toBe(false);
  expect(comesFrom(new Error("y", { cause: first }), stream)).toBe(false);
});

test("a group comes from a stream if it has leaves and each does", () => {
  const stream = {};
  const own = markOrigin(new Error("x"), stream);
  expect(comesFrom(new TaskGroupError([own, new AggregateError([own])]), stream)).toBe(true);
  expect(comesFrom(new TaskGroupError([own, new Error("other")]), stream)).toBe(false);
  expect(comesFrom(new TaskGroupError([]), stream)).toBe(false);
});

test("frozen errors are marked, and what is no object is left as it is", () => {
  const stream = {};
  expect(comesFrom(markOrigin(Object.freeze(new Error("x")), stream), stream)).toBe(true);
  for (const thrown of [undefined, null, "text", 5]) {
    expect(markOrigin(thrown, stream)).toBe(thrown);
    expect(comesFrom(thrown, stream)).toBe(false);
  }
});

test("two copies of the package agree", async () => {
  vi.resetModules();
  const coreB = await import("@arborio/core");
  const lowB = await import("@arborio/core/lowlevel");
  expect(coreB.comesFrom).not.toBe(coreA.comesFrom);
  const [socket, layer] = [{}, lowB.markLayer({}, {})];
  lowB.markLayer(layer, socket);
  expect(comesFrom(lowB.markOrigin(new Error("x"), layer), socket)).toBe(true);
  expect(coreB.comesFrom(lowA.markOrigin(new Error("x"), layer), socket)).toBe(true);
});
