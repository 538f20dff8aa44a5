import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { denialTests, processTests } from "./processes.ts";

const flags = ["--conditions=@arborio/source"];
// The programs themselves have to be read.
const readable = fileURLToPath(new URL("../../..", import.meta.url));

if (!("Deno" in globalThis)) {
  processTests("node", flags);
  const permissions = process.allowedNodeEnvironmentFlags.has("--allow-net")
    ? ["net", "unix", "files"]
    : ["files"];
  denialTests("node", [...flags, "--permission", `--allow-fs-read=${readable}`], permissions);
} else test.skip("node: processes, for this runtime is Deno");
