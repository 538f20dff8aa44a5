import { readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";

const source = new URL("../src/", import.meta.url);
const entries = ["index.ts", "lowlevel.ts", "backend.ts", "debug.ts"];

/** What a file exports by name, types too. */
function exportsOf(file: string): string[] {
  const parsed = ts.createSourceFile(
    file,
    readFileSync(new URL(file, source), "utf8"),
    ts.ScriptTarget.ESNext,
  );
  return parsed.statements.flatMap((statement) => {
    if (!ts.isExportDeclaration(statement)) return [];
    const { exportClause } = statement;
    if (exportClause === undefined || !ts.isNamedExports(exportClause))
      throw new Error(`${file} exports what it does not name`);
    return exportClause.elements.map(({ name }) => name.text);
  });
}

test("each symbol of core is exported by exactly one of its entry points", () => {
  const places = new Map<string, string[]>();
  for (const entry of entries)
    for (const name of exportsOf(entry)) places.set(name, [...(places.get(name) ?? []), entry]);
  expect([...places].filter(([, found]) => found.length !== 1)).toEqual([]);
});

test("each entry point exports at run time what it says, and nothing else", async () => {
  const modules = await Promise.all([
    import("@arborio/core"),
    import("@arborio/core/lowlevel"),
    import("@arborio/core/backend"),
    import("@arborio/core/debug"),
  ]);
  const named = entries.map((entry) => new Set(exportsOf(entry)));
  modules.forEach((module, index) => {
    const values = Object.keys(module);
    expect(values.length).toBeGreaterThan(1);
    expect(values.filter((name) => named[index]?.has(name) !== true)).toEqual([]);
  });
});
