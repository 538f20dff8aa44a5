import { defineConfig } from "vitest/config";

// Tests run on the sources: no build comes first, and a stack trace points at the line one edits.
// "node" and "module" are what vitest has by default; naming our own condition replaces the list.
// Deno picks its own backend, as it does outside vitest.
const platform = "Deno" in globalThis ? ["deno", "node"] : ["node"];
const conditions = ["@arborio/source", "module", ...platform];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    // A hang is what this is for; a loaded machine is no failure.
    testTimeout: 60_000,
    include: ["packages/*/test/**/*.test.ts", "examples/**/*.test.ts", "tools/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/dist/**"],
  },
});
