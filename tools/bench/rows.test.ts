import { describe, expect, test } from "vitest";
import { floorOf, isMissed } from "./floors.ts";
import { jsonReport, tableReport } from "./report.ts";
import { growthRows, rowsOf, type Results } from "./rows.ts";
import type { Workload } from "./workloads.ts";

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

test("floors of tasks are of the programs that do as much, not of their variants", () => {
  for (const workload of ["cancel-blocked", "spawn-wait-join"]) {
    for (const peer of ["native", "effect"]) expect(floorOf(workload, peer)).toBeDefined();
    for (const peer of ["native-own-signals", "effect-all"]) expect(floorOf(workload, peer)).toBeUndefined();
  }
  expect(floorOf("spawn-wait-join-growth", "effect-all")).toBeUndefined();
});

test("floors are of a ratio, or of ours alone", () => {
  expect(floorOf("checkpoint", "bare-await")).toEqual({ ratio: 0.5 });
  expect(floorOf("depth", "trio")).toEqual({ ratio: 1 });
  expect(floorOf("sleeps", "trio")).toEqual({ ratio: 3 });
  expect(floorOf("lock", "bare-await")).toEqual({ ratio: 1 / 3 });
  expect(floorOf("semaphore-contended", "async-sema")).toEqual({ ratio: 4 });
  expect(floorOf("memory-stream-0", "effect")).toEqual({ ratio: 3 });
  expect(floorOf("memory-stream-64", "asyncio")).toEqual({ ratio: 3 });
  expect(floorOf("spawn-wait-join", "effection")).toBeUndefined();
  expect(floorOf("memory-stream-unbounded", "effect")).toBeUndefined();
  expect(isMissed({ ratio: 2 }, 1, 1.9)).toBe(true);
  expect(isMissed({ atMost: 1_400 }, 1_400, 0)).toBe(false);
});
