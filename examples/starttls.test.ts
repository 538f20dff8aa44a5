import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { locate } from "@arborio-internal/runtimes";
import { certificates } from "@arborio/conformance";
import { expect, test } from "vitest";
import { start } from "../tools/running.ts";

const here = "Deno" in globalThis ? "these run on Deno too, from the run on Node" : undefined;

const EXPECTED = [
  "< 220 ready",
  "> HELLO world",
  "< 250 hello world, in the clear",
  "> STARTTLS",
  "< 220 go ahead",
  "> HELLO again",
  "< 250 hello again, by TLS",
  "> QUIT",
  "< 221 bye",
];

for (const runtime of ["node", "deno"] as const) {
  const { reason = here } = locate(runtime);
  test.skipIf(reason !== undefined)(`TLS is started in place, on ${runtime}`, async () => {
    const { authority, server } = await certificates();
    const scratch = await mkdtemp(path.join(tmpdir(), "starttls-test-"));
    const files = await Promise.all(
      [server.certificate, server.key, authority].map(async (text, at) => {
        const file = path.join(scratch, String(at));
        await writeFile(file, text);
        return file;
      }),
    );
    const { code, stdout, stderr } = await start(runtime, "examples/starttls.ts", files).ended;
    await rm(scratch, { recursive: true });
    expect({ code, stderr, lines: stdout.trimEnd().split("\n") }).toEqual({
      code: 0,
      stderr: "",
      lines: EXPECTED,
    });
  });
}
