import { fileURLToPath } from "node:url";
import { simulate } from "@arborio/testing";
import { expect, test } from "vitest";
import { replay } from "../../../tools/traces/interpreter.ts";
import { difference, readPrograms } from "../../../tools/traces/program.ts";

const programs = readPrograms(fileURLToPath(new URL("fixtures/anyio.jsonl", import.meta.url)));

test("there are recorded programs, each with a trace", () => {
  expect(programs.length).toBeGreaterThan(100);
  for (const { trace } of programs) expect(trace.length).toBeGreaterThan(1);
});

test.each(programs)(
  "F2: program $id gives the recorded trace, in plain order and under any seed",
  async (program) => {
    for (const seed of [undefined, 1, 2, 3]) {
      expect(difference(program.trace, await simulate(() => replay(program), { seed }))).toBe(undefined);
    }
  },
);
