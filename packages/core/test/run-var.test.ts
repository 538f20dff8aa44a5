import { isError, run, RunVar } from "@arborio/core";
import { unscoped } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { thrownBy } from "../../testing/test/outcome.ts";

everywhere("a run variable has one value for all tasks of a run, a fresh one in each run", async () => {
  const variable = new RunVar<string>("connection");
  expect(variable.get()).toBe(undefined);
  variable.set("outer");
  await taskGroup(async (group) => {
    expect(await group.spawn(() => variable.get()).result()).toBe("outer");
    await group.spawn(() => void variable.set("by a task")).wait();
  });
  expect(variable.get()).toBe("by a task");
  expect(await run(() => [variable.get(), (variable.set("inner"), variable.get())])).toEqual([
    undefined,
    "inner",
  ]);
  expect(variable.get()).toBe("by a task");
  expect(unscoped(() => variable.get())).toBe(undefined);
});

everywhere("outside any scope the run is known by a signal of one of its own", ({ signal }) => {
  const variable = new RunVar<string>("connection");
  unscoped(() => variable.set("by its signal", { signal }));
  expect(variable.get()).toBe("by its signal");
  expect(unscoped(() => [variable.get(), variable.get({ signal })])).toEqual([undefined, "by its signal"]);
});

everywhere("it begins with the value it was made with, undefined if that was it", () => {
  expect(new RunVar("count", 7).get()).toBe(7);
  const variable = new RunVar<number | undefined>("count", undefined);
  expect(variable.get()).toBe(undefined);
});

everywhere("two variables of one name are two", () => {
  const [one, other] = [new RunVar("name", 1), new RunVar("name", 2)];
  one.set(3);
  expect([one.get(), other.get(), one.name]).toEqual([3, 2, "name"]);
});

everywhere("reset puts back what was before that set", () => {
  const variable = new RunVar<string>("name", "initial");
  const first = variable.set("first");
  const second = variable.set("second");
  variable.reset(second);
  expect(variable.get()).toBe("first");
  variable.reset(first);
  expect(variable.get()).toBe("initial");
});

everywhere("a token is used once, and on its own variable", () => {
  const [one, other] = [new RunVar("one", 1), new RunVar("other", 2)];
  const token = one.set(3);
  expect(
    isError(
      thrownBy(() => other.reset(token)),
      "MisuseError",
    ),
  ).toBe(true);
  expect(one.get()).toBe(3);
  one.reset(token);
  expect(
    isError(
      thrownBy(() => one.reset(token)),
      "MisuseError",
    ),
  ).toBe(true);
});
