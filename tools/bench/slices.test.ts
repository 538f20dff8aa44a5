import { describe, expect, test } from "vitest";
import { inTurn, median, runsOfSlice, type Contender } from "./slices.ts";

describe("slices", () => {
  const recorder = (name: string, log: string[], fails = false): Contender => ({
    name,
    slice: async (runs) => {
      log.push(`${name}${runs}`);
      if (fails) throw new Error("no");
      return log.length;
    },
  });

  test("come in turn, beginning with another contender each time", async () => {
    const log: string[] = [];
    const both = [recorder("a", log), recorder("b", log)];
    await inTurn(
      both,
      3,
      async () => 7,
      () => {},
    );
    expect(log).toEqual(["a7", "b7", "b7", "a7", "a7", "b7"]);
  });

  test("a contender may take every third turn only", async () => {
    const log: string[] = [];
    const both = [recorder("a", log), { ...recorder("b", log), every: 3 }];
    await inTurn(
      both,
      4,
      async () => 1,
      () => {},
    );
    expect(log).toEqual(["a1", "b1", "a1", "a1", "b1", "a1"]);
  });

  test("a contender that fails is dropped, and said", async () => {
    const log: string[] = [];
    const failures: string[] = [];
    const both = [recorder("a", log), recorder("b", log, true)];
    const results = await inTurn(
      both,
      3,
      async () => 1,
      (name) => void failures.push(name),
    );
    expect(results.map(({ name }) => name)).toEqual(["a"]);
    expect(failures).toEqual(["b"]);
  });

  test("are 20 ms at least", async () => {
    const runs = await runsOfSlice({ name: "a", slice: async () => 1e6 });
    expect(runs).toBeGreaterThanOrEqual(20);
  });

  test("the median of an even number is between the two", () => expect(median([4, 1, 2, 3])).toBe(2.5));
});
