import { describe, expect, test } from "vitest";
import { locate } from "@arborio-internal/runtimes";
import { start as startFile, type Running } from "../../../tools/running.ts";

// Programs in processes of their own, on both runtimes, whichever runs this file; once is enough.
const here = "Deno" in globalThis ? "these run on Deno too, from the run on Node" : undefined;

const start = (runtime: "node" | "deno", program: string): Running =>
  startFile(runtime, `packages/arborio/test/programs/${program}.ts`);

for (const runtime of ["node", "deno"] as const) {
  const { reason = here } = locate(runtime);
  describe.skipIf(reason !== undefined)(
    `main on ${runtime}${reason === undefined ? "" : `: ${reason}`}`,
    () => {
      test.each([
        ["SIGINT", 130],
        ["SIGTERM", 143],
      ] as const)(
        "F5: sleepForever stays up; %s runs the cleanup and exits with %i",
        async (signal, code) => {
          const program = start(runtime, "forever");
          await program.printed("up");
          program.signal(signal);
          expect(await program.ended).toEqual({ code, stdout: "up\ncleaned\n", stderr: "" });
        },
      );

      test("a second signal exits at once", async () => {
        const program = start(runtime, "stubborn");
        await program.printed("up");
        program.signal("SIGINT");
        await program.printed("cleaning");
        program.signal("SIGTERM");
        expect(await program.ended).toEqual({ code: 143, stdout: "up\ncleaning\n", stderr: "" });
      });

      test("an uncaught TaskGroupError is printed as a tree, and the exit code is 1", async () => {
        const { code, stdout, stderr } = await start(runtime, "failing").ended;
        const lines = stderr.split("\n").filter((line) => !/^[│ ]*at /.test(line));
        expect({ code, stdout }).toEqual({ code: 1, stdout: "reported\n" });
        expect(lines).toEqual([
          "TaskGroupError: task group 'work': disk full; wrong shape",
          "├─ Error: disk full",
          "│  caused by: Error: quota",
          "└─ TypeError: wrong shape",
          "",
        ]);
      });

      test("an error of the cleanup is printed, and the exit code is the signal's", async () => {
        const program = start(runtime, "failing-cleanup");
        await program.printed("up");
        program.signal("SIGINT");
        const { code, stderr } = await program.ended;
        expect(code).toBe(130);
        expect(stderr).toContain("Error: cleanup failed");
      });

      test("stdin, stdout and stderr are the process's, to the end of the input, however much there is", async () => {
        const program = start(runtime, "upper-case");
        await program.printed("ready");
        const line = `${"ab".repeat(500)}\n`;
        for (let count = 0; count < 500; count++) program.write(line);
        program.end();
        expect(await program.ended).toEqual({
          code: 0,
          stdout: `ready\n${line.toUpperCase().repeat(500)}`,
          stderr: String(500 * line.length),
        });
      });

      test("a program that stops reading its input ends, though more would come", async () => {
        const program = start(runtime, "first-line");
        program.write("one\ntwo\n");
        expect(await program.ended).toEqual({ code: 0, stdout: "one\n", stderr: "" });
      });

      test("gives the value of the function", async () => {
        expect(await start(runtime, "value").ended).toEqual({ code: 0, stdout: "the value\n", stderr: "" });
      });
    },
  );
}
