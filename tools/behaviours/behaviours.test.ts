import { describe, expect, test } from "vitest";
import { by, differs, notPortable, waitsFor, type Item, type Section, type Verdict } from "./behaviour.ts";
import { verdictFaults, type Repository } from "./faults.ts";
import { pageOf } from "./page.ts";
import { titlesIn } from "./titles.ts";

const file = "packages/fs/test/file.test.ts";
const titles = ["C1: read", "C1: write", "C1: write more", "twice", "twice"];
const repository: Repository = {
  titles: (name) => (name === file ? titles : undefined),
  rules: new Set(["C1"]),
  packages: new Set(["fs"]),
};

const sectionOf = (...items: Item[]): Section => ({ series: "s", title: "Some", source: "theirs", items });

describe("a verdict that does not hold is a fault", () => {
  const faults = (verdict: Verdict): string[] =>
    verdictFaults([sectionOf([1, "it works", verdict])], { s: [1, 1] }, repository);

  const bad: [what: string, verdict: Verdict][] = [
    ["a title that no test has", by({ "fs/file": "C1: close" })],
    ["a beginning that two have", by({ "fs/file": "C1: w" })],
    ["a title that two have", by({ "fs/file": "twice" })],
    ["a file that is not there", by({ "fs/files": "C1: read" })],
    ["no test at all", by({})],
    ["a rule that is not there", differs("C2", "for a reason")],
    ["no rule, and no test", differs(null, "for a reason")],
    ["a difference whose test is not there", differs("C1", "for a reason", { "fs/file": "C1: close" })],
    ["waiting for a package that is there", waitsFor("fs")],
  ];
  test.each(bad)("%s", (_, verdict) => {
    expect(faults(verdict)).toEqual([expect.stringMatching(/^s-1: /)]);
  });

  const good: [what: string, verdict: Verdict][] = [
    ["a title", by({ "fs/file": "C1: write" })],
    ["the beginning of one", by({ "fs/file": ["C1: r", "C1: write m"] })],
    ["a rule", differs("C1", "for a reason")],
    ["no rule, but a test", differs(null, "for a reason", { "fs/file": "C1: read" })],
    ["what is not portable", notPortable("for a reason")],
    ["waiting for what is not there", waitsFor("workers")],
  ];
  test.each(good)("but not %s", (_, verdict) => expect(faults(verdict)).toEqual([]));
});

test("each number of a series has one verdict, and no other has", () => {
  const numbered = (...numbers: number[]): Section =>
    sectionOf(...numbers.map((number): Item => [number, "it works", notPortable("for a reason")]));
  const faults = (section: Section): string[] =>
    verdictFaults([section], { s: [2, 4] }, repository).map((fault) => fault.split(":")[0] ?? "");
  expect(faults(numbered(2, 3, 4))).toEqual([]);
  expect(faults(numbered(2, 4))).toEqual(["s-3"]);
  expect(faults(numbered(2, 2, 3, 4))).toEqual(["s-2"]);
  expect(faults(numbered(2, 3, 4, 5))).toEqual(["s-5"]);
  expect(faults({ ...numbered(1), series: "other" })).toEqual(["s-2", "s-3", "s-4", "Some"]);
});

test("titles are read from any way of registering a test", () => {
  const text = `
    test("plain", () => {});
    everywhere("on two", async () => {});
    timed(\`in \${place} and time\`, fn);
    test.each(["a"])("each %s", fn);
    describe.skipIf(no)("no test", () => { test("slow", { timeout: 1 }, fn); });
    test.skip("skipped", fn);
    test.todo("to do");
    pair("in a suite", fn); run(\`of \${host}\`, fn); run(fn);
    expect("no title"); text.match("neither");
  `;
  expect(titlesIn("a.ts", text)).toEqual([
    "plain",
    "on two",
    "in ${place} and time",
    "each %s",
    "slow",
    "in a suite",
    "of ${host}",
  ]);
});

test("the page counts, links whole titles, and keeps its tables whole", () => {
  const page = pageOf(
    [
      sectionOf(
        [1, "a | b", by({ "fs/file": "C1: r" })],
        [2, "c", differs("C1", "for a reason")],
        [3, "d", differs(null, "for another", { "fs/file": "C1: read" })],
        [4, "e", waitsFor("workers")],
      ),
    ],
    repository.titles,
  );
  expect(page).toContain("| [Some](#some) | 4 | 1 | 2 | 0 | 1 |");
  expect(page).toContain("| s-1 | a \\| b | [C1: read](../packages/fs/test/file.test.ts) |");
  expect(page).toContain("| s-2 | c | **differs**, C1: for a reason |");
  expect(page).toContain("| s-3 | d | **differs**: for another<br>[C1: read]");
  expect(page).toContain("| s-4 | e | **waits for** `workers` |");
});
