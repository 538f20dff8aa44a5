import { locate } from "@arborio-internal/runtimes";
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { Child, denialTests, processTests } from "./processes.ts";
import { expectOneWinner } from "./starters.ts";

const flags = ["--conditions=@arborio/source"];
// The programs themselves have to be read.
const readable = fileURLToPath(new URL("../../..", import.meta.url));

if (!("Deno" in globalThis)) {
  processTests("node", flags);
  const permissions = process.allowedNodeEnvironmentFlags.has("--allow-net")
    ? ["net", "unix", "files"]
    : ["files"];
  if (process.versions["bun"] !== undefined) test.skip("permissions: Bun has none");
  else denialTests("node", [...flags, "--permission", `--allow-fs-read=${readable}`], permissions);

  const { path: deno, reason } = locate("deno");
  if (deno === undefined) test.skip(`UNIX: one on Node and one on Deno, for ${reason}`);
  else
    test("UNIX: of two that start over the socket of a third, one on Node and one on Deno, one has the path", async () => {
      const denoFlags = ["run", "-A", "--quiet", "--conditions=@arborio/source"];
      const onDeno = new Child(denoFlags, "unix-starter.ts", ["1"], [], deno);
      await expectOneWinner([new Child(flags, "unix-starter.ts", ["0"]), onDeno], 40);
    });
} else test.skip("node: processes, for this runtime is Deno");
