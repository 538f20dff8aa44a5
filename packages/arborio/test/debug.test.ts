import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { locate } from "@arborio-internal/runtimes";
import type { Host } from "@arborio/core/backend";
import { run } from "arborio";
import { rootTasks, startDebug, type DebugReport } from "arborio/debug";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start as startFile, type Running } from "../../../tools/running.ts";

const here = "Deno" in globalThis ? "these run on Deno too, from the run on Node" : undefined;
const DEBUG = { ARBORIO_DEBUG: "1" };

for (const runtime of ["node", "deno"] as const) {
  const { reason = here } = locate(runtime);
  const start = (program: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Running =>
    startFile(runtime, program, args, { env });
  const startOwn = (program: string, ...rest: [args?: readonly string[], env?: NodeJS.ProcessEnv]): Running =>
    start(`packages/arborio/test/programs/${program}.ts`, ...rest);

  describe.skipIf(reason !== undefined)(
    `debug mode on ${runtime}${reason === undefined ? "" : `: ${reason}`}`,
    () => {
      test("ARBORIO_DEBUG=1 tells of each fault, once, with its places", { retry: 2 }, async () => {
        const { code, stdout, stderr } = await startOwn("careless", [], DEBUG).ended;
        expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "done\n" });
        const found = stderr.split("\n").filter((line) => line.startsWith("arborio: "));
        expect(found.map((line) => line.replace(/\d+ ms|port \d+/, "N")).sort()).toEqual([
          "arborio: a scope of task 'careless' gave its value N after its deadline, with no checkpoint in between: nothing could stop it",
          "arborio: a wait for a sleep to end begins in a cancel scope of task 'careless', which has ended: it belongs to task 'careless' now, and ends only with it",
          "arborio: task 'careless' held the event loop for N: nothing else could run, no timer and no socket",
          "arborio: the connection with 127.0.0.1 N, opened in task 'careless', was dropped unclosed",
          "arborio: the listener on N, opened in task 'careless', was dropped unclosed",
        ]);
        expect(stderr).toMatch(/opened at .*careless\.ts:\d+:/);
        expect(stderr).not.toContain("/src/");
      });

      test("a file that is dropped is named, before the host ends the process over it", async () => {
        const { stderr } = await startOwn("dropped-file", [], DEBUG).ended;
        expect(stderr).toMatch(
          /^arborio: the file .*dropped-file\.ts, opened in task 'careless', was dropped/m,
        );
      });

      test("without it nothing is told", async () => {
        expect((await startOwn("careless").ended).stderr).toBe("");
      });

      test.each([
        ["SIGUSR2", [], DEBUG],
        ["SIGUSR1", ["SIGUSR1"], {}],
      ] as const)("%s prints the trees of all tasks (main %j, %o)", async (signal, args, env) => {
        const program = startOwn("trees", args, env);
        await program.printed("up");
        program.signal(signal);
        await program.printed("printed");
        program.signal("SIGINT");
        const { code, stderr } = await program.ended;
        expect(code).toBe(130);
        expect(stderr.split("\n").map((line) => line.replace(/, spawned at .*/, ", spawned"))).toEqual(
          [
            "root (pending) waits for the tasks of task group 'services' to end",
            "└─ service (pending) waits for ever",
          ]
            .map((line) => (signal === "SIGUSR2" ? `${line}, spawned` : line))
            .concat(""),
        );
      });
    },
  );
}

describe("the examples have nothing that debug mode finds", () => {
  const folder = path.join(tmpdir(), `arborio-debug-${randomUUID()}`);
  // Not if all are skipped.
  beforeAll(() => {
    mkdirSync(folder);
    for (let count = 0; count < 20; count++)
      writeFileSync(path.join(folder, `${String(count)}.txt`), "x".repeat(1_000 * count));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // A machine that stands still for 100 ms looks like a slow step.
  for (const runtime of ["node", "deno"] as const) {
    const { reason = here } = locate(runtime);
    test.skipIf(reason !== undefined).each([
      ["examples/seed.ts", []],
      ["examples/mirror.ts", [folder]],
    ])(`%s on ${runtime}`, { retry: 3 }, async (program, args) => {
      const { code, stderr } = await startFile(runtime, program, args, { env: DEBUG }).ended;
      expect({ code, found: stderr.split("\n").filter((line) => line.startsWith("arborio:")) }).toEqual({
        code: 0,
        found: [],
      });
    });
  }
});

describe("the option", () => {
  const floats = async (): Promise<string | undefined> => {
    let floating: Promise<void> | undefined;
    const { moveOnAfter, sleep } = await import("arborio");
    await moveOnAfter(1_000, async () => {
      floating = sleep(1).then(() => sleep(1));
    });
    await floating;
    return rootTasks()[0]?.spawnedAt;
  };

  test("debug: { report } is debug mode for as long as the run lasts", async () => {
    const reports: DebugReport[] = [];
    const debug = { report: (report: DebugReport) => void reports.push(report) };
    expect(await run(floats, { debug })).toContain("debug.test.ts");
    expect(await run(floats)).toBe(undefined);
    expect(reports.map(({ kind }) => kind)).toEqual(["wait-in-ended-scope"]);
    await expect(run(() => Promise.reject(new Error("broken")), { debug })).rejects.toThrow("broken");
    expect(await run(floats)).toBe(undefined);
  });

  test("debug: false is none, whatever the environment says", async () => {
    const env = (name: string): string | undefined => (name === "ARBORIO_DEBUG" ? "1" : undefined);
    const backend = { name: "host only", host: { env } as Host };
    expect(await run(floats, { backend, debug: false })).toBe(undefined);
  });

  test("a program of one's own: startDebug", async () => {
    const stop = startDebug({ report: () => {} });
    expect(await run(floats)).toContain("debug.test.ts");
    stop();
  });
});
