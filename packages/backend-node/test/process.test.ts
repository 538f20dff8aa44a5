import { test } from "vitest";
import { processTests } from "./processes.ts";

if (!("Deno" in globalThis)) processTests("node", ["--conditions=@arborio/source"]);
else test.skip("node: processes, for this runtime is Deno");
