// Writes each package's api.md from a fresh build: `pnpm api`, when an API change is meant.
import { writeApi } from "./api.ts";
import { faultsOf } from "./command.ts";

const faults = await faultsOf("tsc", ["-b"]);
if (faults.length > 0) throw new Error(`Cannot write the API: the build fails\n${faults.join("\n")}`);
writeApi();
