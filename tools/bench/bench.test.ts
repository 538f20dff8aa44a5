import { expect, test } from "vitest";
import { isForHere, loadProgram, peersOf } from "./javascript.ts";
import { parseOptions } from "./options.ts";
import { workloads } from "./workloads.ts";

const measured = workloads.filter(({ programs }) => programs === undefined);
const programs = measured.flatMap(({ name }) => peersOf(name).map((peer) => [name, peer] as const));

test.for(programs)("%s by %s: all items do their part", async ([workload, peer], { skip }) => {
  const program = await loadProgram(workload, peer);
  if (typeof program === "string") throw new Error(`package '${program}' is not installed`);
  skip(!isForHere(program), `for ${String(program.runtime)}`);
  for (const n of [1, 3]) {
    await program.prepare?.(n);
    expect(await program.run(n)).toBe(n);
  }
});

test("each workload has peers to stand beside ours", () => {
  for (const { name } of measured)
    expect(peersOf(name).filter((peer) => peer !== "ours").length).toBeGreaterThan(0);
});

test("options: names, and what is no name or no number is refused", () => {
  const { workloads, ...rest } = parseOptions(["depth", "--json", "--slices", "3", "--no-python"]);
  expect(workloads.map(({ name }) => name)).toEqual(["depth"]);
  expect(rest).toEqual({ json: true, python: false, slices: 3 });
  const net = parseOptions(["net"]).workloads.map(({ name }) => name);
  expect(net).toContain("tcp-round-trip");
  expect(net).not.toContain("depth");
  expect(parseOptions([])).toMatchObject({ json: false, python: true, slices: 15 });
  expect(() => parseOptions(["nothing"])).toThrow("received nothing");
  expect(() => parseOptions(["--slices", "0"])).toThrow("received 0");
});
