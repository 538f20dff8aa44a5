import { describe, expect, test } from "vitest";
import type { Manifest } from "../workspace.ts";
import { changesetNames } from "./changesets.ts";
import { importFaults } from "./imports.ts";
import { suspensionFaults } from "./suspension.ts";
import { wordFaults } from "./words.ts";

const manifest = {
  dependencies: { "@arborio/core": "workspace:^", "@arborio/task-group": "workspace:^" },
} as unknown as Manifest;

const imports = (name: string, text: string): string[] => importFaults({ name, text }, manifest);

describe("a package imports only what the table allows", () => {
  const cases: [what: string, name: string, text: string][] = [
    ["a sibling above it", "packages/streams/src/a.ts", 'import { taskGroup } from "@arborio/task-group";'],
    ["a type of a sibling above it", "packages/core/src/a.ts", 'let a: import("@arborio/streams").Stream;'],
    ["a sibling it does not depend on", "packages/net/src/a.ts", 'import { pipe } from "@arborio/streams";'],
    ["a host module", "packages/fs/src/a.ts", 'const fs = await import("node:fs");'],
    ["a foreign module", "packages/fs/src/a.ts", 'export { x } from "left-pad";'],
    ["vitest outside its entry", "packages/testing/src/index.ts", 'import { test } from "vitest";'],
    ["another package by path", "packages/fs/src/a/b.ts", 'import { x } from "../../../core/src/index.ts";'],
    ["a path without extension", "packages/fs/src/a.ts", 'import { x } from "./b";'],
    [
      "core's users' entry in a backend",
      "packages/backend-node/src/a.ts",
      'import { run } from "@arborio/core";',
    ],
    ["a star", "packages/core/src/index.ts", 'export * from "./a.ts";'],
    ["a named star", "packages/core/src/index.ts", 'export * as a from "./a.ts";'],
  ];
  test.each(cases)("%s is a fault", (_, name, text) => expect(imports(name, text)).toHaveLength(1));

  test("what it allows is none", () => {
    expect(
      imports("packages/net/src/a.ts", 'import { x } from "@arborio/core/lowlevel"; import "./b.ts";'),
    ).toEqual([]);
    expect(imports("packages/backend-node/src/a.ts", 'import net from "node:net";')).toEqual([]);
    expect(imports("packages/testing/src/vitest.ts", 'import { test } from "vitest";')).toEqual([]);
    expect(imports("packages/fs/src/a.ts", '// import "node:fs"\nconst s = "import \'node:fs\'";')).toEqual(
      [],
    );
  });
});

describe("promises with settlers are made by core's Waiter only", () => {
  const waits = (name: string): number =>
    suspensionFaults({ name, text: "new Promise(() => {}); Promise.withResolvers(); Promise.resolve();" })
      .length;

  test("elsewhere they are faults", () => expect(waits("packages/streams/src/a.ts")).toBe(2));
  test("there, in backends and testing they are not", () => {
    expect(waits("packages/core/src/wait/waiter.ts")).toBe(0);
    expect(waits("packages/backend-alt/src/deno/net.ts")).toBe(0);
    expect(waits("packages/testing/src/clock.ts")).toBe(0);
  });
});

test("words of one machine are found, with their line", () => {
  const text = [
    "fine",
    "see ../" + "shared/x",
    "cd /wor" + "k/main",
    "https://registry" + ".npmjs.org",
    "iss" + "ue 12",
  ].join("\n");
  expect(wordFaults({ name: "a.md", text }).map((fault) => fault.split(" ")[0])).toEqual([
    "a.md:2",
    "a.md:3",
    "a.md:4",
    "a.md:5",
  ]);
});

test("a changeset's packages are read, and one without any is told apart", () => {
  expect(changesetNames('---\n"arborio": minor\n---\n\nText.\n')).toEqual(["arborio"]);
  expect(changesetNames("---\narborio: huge\n---\n")).toBeUndefined();
  expect(changesetNames("Text.\n")).toBeUndefined();
});
