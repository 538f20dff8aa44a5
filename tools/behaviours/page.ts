import path from "node:path";
import { proofsOf, type Proof, type Section, type Verdict } from "./behaviour.ts";
import { titlesMeant } from "./titles.ts";

type Titles = (file: string) => readonly string[] | undefined;

const kinds = ["test", "differs", "not portable", "waits for"] as const;

/** The table as a page. */
export function pageOf(sections: readonly Section[], titles: Titles): string {
  const parts = [intro, summary(sections), ...sections.map((section) => sectionOf(section, titles))];
  return `${parts.join("\n\n")}\n`;
}

const intro = `# Behaviours that others' tests pin down

<!-- Written by \`pnpm behaviours\` from tools/behaviours/sections; \`pnpm check behaviours\` compares it. -->

What the test suites of AnyIO, trio, curio and asyncio hold their libraries to, restated, each with what becomes of it here:

- **test**: it holds, and the tests named prove it
- **differs**: another behaviour was chosen; the [rule](semantics.md) that says so, and the tests that prove what holds instead
- **not portable**: it has no counterpart in JavaScript
- **waits for**: the package it belongs to is not here yet`;

function summary(sections: readonly Section[]): string {
  const rows = sections.map((section) => [
    `[${section.title}](#${anchor(section.title)})`,
    ...counts([section]),
  ]);
  const all = ["**all**", ...counts(sections).map((count) => `**${count}**`)];
  return table(["", "items", ...kinds], [...rows, all]);
}

function counts(sections: readonly Section[]): string[] {
  const found = sections.flatMap(({ items }) => items.map(([, , { kind }]) => kind));
  return [found, ...kinds.map((kind) => found.filter((one) => one === kind))].map(({ length }) =>
    String(length),
  );
}

/** As GitHub makes the anchors of headings. */
function anchor(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replaceAll(" ", "-");
}

function sectionOf({ series, title, source, items }: Section, titles: Titles): string {
  const rows = items.map(([number, text, verdict]) => [
    `${series}-${number}`,
    escaped(text),
    verdictOf(verdict, titles),
  ]);
  return `## ${title}\n\nFrom ${source}.\n\n${table(["", "behaviour", "here"], rows)}`;
}

function verdictOf(verdict: Verdict, titles: Titles): string {
  const proofs = proofsOf(verdict).map((proof) => link(proof, titles));
  switch (verdict.kind) {
    case "test":
      return proofs.join("<br>");
    case "differs":
      return [`**differs**${rule(verdict.rule)}: ${escaped(verdict.why)}`, ...proofs].join("<br>");
    case "not portable":
      return `**not portable**: ${escaped(verdict.why)}`;
    case "waits for":
      return `**waits for** \`${verdict.package}\``;
  }
}

const rule = (name: string | null): string => (name === null ? "" : `, ${name}`);

function link({ file, title }: Proof, titles: Titles): string {
  const [whole = title] = titlesMeant(title, titles(file) ?? []);
  return `[${escaped(whole)}](${path.posix.relative("docs", file)})`;
}

function escaped(text: string): string {
  return text.replace(/[|[\]<>*_]/g, "\\$&");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
