import { describe, expect, test } from "vitest";
import { floorOf, isMissed } from "./floors.ts";
import { loadProgram, peersOf } from "./javascript.ts";
import { parseOptions } from "./options.ts";
import { jsonReport, tableReport } from "./report.ts";
import { growthRows, rowsOf, type Results } from "./rows.ts";
import { inTurn, median, runsOfSlice, type Contender } from "./slices.ts";
import { workloads, type Workload } from "./workloads.ts";

const measured = workloads.filter(({ programs }) => programs === undefined);
const programs = measured.flatMap(({ name }) => peersOf(name).map((peer) => [name, peer] as const));

test.each(programs)("%s by %s: all items do their part", async (workload, peer) => {
  const program = await loadProgram(workload, peer);
  if (typeof program === "string") throw new Error(`package '${program}' is not installed`);
  for (const n of [1, 3]) {
    await program.prepare?.(n);
    expect(await program.run(n)).toBe(n);
  }
});

test("each workload has a program of ours and peers to stand beside it", () => {
  for (const { name } of measured) expect(peersOf(name).length).toBeGreaterThan(1);
});

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

describe("rows", () => {
  const workload: Workload = { name: "spawn-wait-join", items: "tasks", sizes: [10, 100] };
  const results = (n: number, ours: number, effect: number): Results => ({
    n,
    measured: [
      { name: "ours", value: ours * n, noise: 0.1 },
      { name: "effect", value: effect * n, noise: 0.2 },
    ],
  });

  test("hold the time of an item, and the peer's ÷ ours", () => {
    const [row] = rowsOf(workload, results(10, 2, 3));
    expect(row).toMatchObject({ ours: 2, peer: "effect", peerValue: 3, ratio: 1.5, noise: 0.2 });
  });

  test("growth is the time of an item at the largest size over that at the smallest", () => {
    const [row] = growthRows(workload, [results(10, 2, 3), results(100, 4, 3)]);
    expect(row).toMatchObject({
      workload: "spawn-wait-join-growth",
      n: 100,
      ours: 2,
      peerValue: 1,
      ratio: 0.5,
    });
  });

  test("as JSON have the named fields; those that are no times carry their unit", () => {
    const lines: string[] = [];
    const report = jsonReport("node 1", (line) => lines.push(line));
    for (const row of rowsOf(workload, results(10, 2, 3))) report.row(row);
    for (const row of growthRows(workload, [results(10, 2, 3), results(100, 4, 3)])) report.row(row);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      {
        workload: "spawn-wait-join",
        n: 10,
        runtime: "node 1",
        ours_ns: 2,
        peer: "effect",
        peer_ns: 3,
        ratio: 1.5,
      },
      {
        workload: "spawn-wait-join-growth",
        n: 100,
        runtime: "node 1",
        unit: "times",
        ours: 2,
        peer: "effect",
        peer_value: 1,
        ratio: 0.5,
      },
    ]);
  });

  test("below what is wanted are marked, and counted", () => {
    const lines: string[] = [];
    const report = tableReport("node 1", (line) => lines.push(line));
    for (const row of rowsOf(workload, results(10, 3, 2))) report.row(row);
    report.end();
    expect(lines.at(-2)).toMatch(/≥ 1.00.*✗ below$/);
    expect(lines.at(-1)).toContain("1 rows, 1 below");
  });
});

test("floors are of a ratio, or of ours alone", () => {
  expect(floorOf("checkpoint", "bare-await")).toEqual({ ratio: 0.5 });
  expect(floorOf("depth", "trio")).toEqual({ ratio: 1 });
  expect(floorOf("sleeps", "trio")).toEqual({ ratio: 3 });
  expect(floorOf("spawn-wait-join", "effection")).toBeUndefined();
  expect(isMissed({ ratio: 2 }, 1, 1.9)).toBe(true);
  expect(isMissed({ atMost: 1_400 }, 1_400, 0)).toBe(false);
});

test("options: names, and what is no name or no number is refused", () => {
  const { workloads, ...rest } = parseOptions(["depth", "--json", "--slices", "3", "--no-python"]);
  expect(workloads.map(({ name }) => name)).toEqual(["depth"]);
  expect(rest).toEqual({ json: true, python: false, slices: 3 });
  expect(parseOptions([])).toMatchObject({ json: false, python: true, slices: 15 });
  expect(() => parseOptions(["nothing"])).toThrow("received nothing");
  expect(() => parseOptions(["--slices", "0"])).toThrow("received 0");
});
