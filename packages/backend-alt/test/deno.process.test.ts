import { test } from "vitest";
import { processTests } from "../../backend-node/test/processes.ts";

if ("Deno" in globalThis)
  processTests("deno", ["run", "-A", "--unstable-net", "--quiet", "--conditions=@arborio/source"]);
else test.skip("deno: processes, for this runtime is not Deno");
