import { run, sleep, sleepForever } from "arborio";
import { describe, expect, test } from "vitest";
import { choices, type Choice } from "./choice.ts";
import { CUT, cut, cuts } from "./cut.ts";
import { faultsOf, type Findings } from "./findings.ts";
import { GROWTH, heapFault } from "./heap.ts";
import { bytesOf, checkBytes } from "./pattern.ts";
import { Random } from "./random.ts";
import { table } from "./table.ts";

const operations = ["a", "b", "c", "d", "e"];

function firstOf(seed: number, worker: number): Choice<string>[] {
  const chosen = choices(seed, worker, operations);
  return Array.from({ length: 200 }, () => chosen.next().value);
}

describe("the choice of operations", () => {
  test("is repeated by its seed", () => {
    expect(firstOf(7, 3)).toEqual(firstOf(7, 3));
  });

  test("is another for another seed, and for another worker", () => {
    expect(firstOf(8, 3)).not.toEqual(firstOf(7, 3));
    expect(firstOf(7, 4)).not.toEqual(firstOf(7, 3));
  });

  test("has all operations, without a cancel and with each kind of one", () => {
    const all = firstOf(1, 0);
    expect([...new Set(all.map(({ operation }) => operation))].toSorted()).toEqual(operations);
    expect([...new Set(all.map((one) => one.cut))].toSorted()).toEqual(["none", ...cuts].toSorted());
  });
});

describe("a cancel", () => {
  test.for(cuts)("of kind '%s' cuts what does not end", (kind) =>
    run(async () => {
      expect(await cut(kind, new Random(1), (options) => sleepForever(options), {})).toBe(CUT);
    }),
  );

  test.for(cuts)("of kind '%s' passes on what fails", (kind) =>
    run(async () => {
      const failure = new Error("planned");
      const work = (): Promise<never> => Promise.reject(failure);
      await expect(cut(kind, new Random(1), work, {})).rejects.toBe(failure);
    }),
  );

  test.for(cuts)("of kind '%s' that comes too late leaves the value", (kind) =>
    run(async () => {
      expect(await cut(kind, new Random(1), () => "value", {})).toBe("value");
    }),
  );

  test("of no kind never comes", () =>
    run(async () => {
      expect(await cut("none", new Random(1), () => sleep(10).then(() => "value"), {})).toBe("value");
    }));
});

describe("the heap", () => {
  test("may grow by 4 MiB since a quarter of the time, and no more", () => {
    expect(heapFault(10, 10 + GROWTH)).toBeUndefined();
    expect(heapFault(10, 11 + GROWTH)).toMatch(/the heap has grown by 4.0 MiB/);
    expect(heapFault(2 * GROWTH, 0)).toBeUndefined();
  });
});

describe("the bytes of a sequence", () => {
  const bytes = bytesOf(3, 100, 200_000);

  test("are the same in whatever pieces", () => {
    checkBytes(3, 100, bytes);
    checkBytes(3, 70_100, bytes.subarray(70_000));
  });

  test.each([
    ["lost", 3, 101, bytes],
    ["doubled", 3, 99, bytes],
    ["of another sequence", 4, 100, bytes],
    ["a chunk too far", 3, 100 + 65_536, bytes],
  ])("are found where they are %s", (_, sequence, from, wrong) => {
    expect(() => checkBytes(sequence, from, wrong)).toThrow(/^byte \d+ is \d+, and should be \d+$/);
  });
});

describe("what is found", () => {
  const measures = { descriptors: 20, timers: 1, tasks: 1, memory: 1 };
  const sound: Findings = { start: measures, quarter: measures, end: measures, counts: {}, faults: {} };

  test("is no fault if all is as it was", () => {
    expect(faultsOf(sound)).toEqual([]);
  });

  test.each(["descriptors", "tasks", "timers"] as const)("is a fault if %s are left", (kind) => {
    const end = { ...measures, [kind]: 22 };
    expect(faultsOf({ ...sound, end })).toEqual([`22 ${kind} are open, and ${String(measures[kind])} were`]);
  });

  test("is each kind of fault, with the first of it, and the heap", () => {
    const faults = { "tcp send, cancel: none": { first: "seed 5: wrong", times: 3 } };
    const end = { ...measures, memory: 2 + GROWTH };
    expect(faultsOf({ ...sound, faults, end })).toEqual([
      "tcp send, cancel: none: 3 times, the first: seed 5: wrong",
      expect.stringMatching(/^the heap has grown/),
    ]);
  });

  test("is counted by operation", () => {
    const text = table({
      "sync lock": { calm: 1, cut: 22, late: 333 },
      "udp receive": { calm: 4, cut: 5, late: 6 },
    });
    expect(text).toMatch(/sync lock +1 +22 +333 +udp receive +4 +5 +6$/);
  });
});
