// All that CI checks besides the tests: `pnpm check`, or `pnpm check sizes api` for some of it.
import { apiFaults } from "./api.ts";
import { behaviourFaults } from "./behaviours/index.ts";
import { faultsOf } from "./command.ts";
import { exampleFaults } from "./docs/index.ts";
import { exportFaults } from "./exports.ts";
import { changesetFaults } from "./rules/changesets.ts";
import { globalFaults } from "./rules/globals.ts";
import { allImportFaults, allSuspensionFaults, allWordFaults } from "./rules/index.ts";
import { sizeFaults } from "./sizes.ts";
import { choose, runSteps, type Step } from "./steps.ts";

const steps: readonly Step[] = [
  { name: "format", run: () => faultsOf("prettier", ["--check", "."]) },
  { name: "lint", run: () => faultsOf("eslint", ["."]) },
  // Builds the packages too: the steps from `exports` on look at what it wrote.
  { name: "types", run: () => faultsOf("tsc", ["-b"]) },
  { name: "imports", run: allImportFaults },
  { name: "suspension", run: allSuspensionFaults },
  { name: "globals", run: () => globalFaults() },
  { name: "words", run: allWordFaults },
  { name: "behaviours", run: behaviourFaults },
  { name: "changesets", run: changesetFaults },
  { name: "exports", run: exportFaults },
  { name: "sizes", run: sizeFaults },
  { name: "api", run: apiFaults },
  { name: "examples", run: () => exampleFaults() },
];

await runSteps(choose(steps, process.argv.slice(2)));
