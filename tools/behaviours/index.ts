import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { packages, read, root } from "../workspace.ts";
import { verdictFaults, type Repository } from "./faults.ts";
import { pageOf } from "./page.ts";
import { ranges, sections } from "./sections/index.ts";
import { titlesIn } from "./titles.ts";

const page = "docs/behaviours.md";

/** Behaviours without a proof, and a page that does not show what is here. */
export function behaviourFaults(): string[] {
  const faults = verdictFaults(sections, ranges, repository());
  const written = existsSync(path.join(root, page)) ? read(page) : "";
  return written === currentPage() ? faults : [...faults, `${page} is not up to date: run pnpm behaviours`];
}

export function writeBehaviours(): void {
  writeFileSync(path.join(root, page), currentPage());
}

function currentPage(): string {
  return pageOf(sections, repository().titles);
}

function repository(): Repository {
  const parsed = new Map<string, string[] | undefined>();
  const titles = (file: string): string[] | undefined => {
    if (!parsed.has(file))
      parsed.set(file, existsSync(path.join(root, file)) ? titlesIn(file, read(file)) : undefined);
    return parsed.get(file);
  };
  const folders = packages().map(({ folder }) => folder);
  return { titles, rules: new Set(rules()), packages: new Set(folders) };
}

/** The rules by number, and those sections that have none. */
function rules(): string[] {
  const found = read("docs/semantics.md").matchAll(/\*\*([A-Z]\d+)\*\*|^## (E)\./gm);
  return [...found].map(([, number, letter]) => number ?? letter ?? "");
}
