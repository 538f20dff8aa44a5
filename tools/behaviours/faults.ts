import { proofsOf, type Section, type Verdict } from "./behaviour.ts";
import { titlesMeant } from "./titles.ts";

/** What the verdicts are checked against. */
export interface Repository {
  /** The titles of a test file's tests; undefined if there is no such file. */
  readonly titles: (file: string) => readonly string[] | undefined;
  /** The rules of docs/semantics.md: `C1`, `C2`, … */
  readonly rules: ReadonlySet<string>;
  /** The folders below packages/. */
  readonly packages: ReadonlySet<string>;
}

/** The first and the last number of each series. */
export type Ranges = Readonly<Record<string, readonly [first: number, last: number]>>;

/** Items without a verdict, and verdicts that do not hold. */
export function verdictFaults(
  sections: readonly Section[],
  ranges: Ranges,
  repository: Repository,
): string[] {
  const items = sections.flatMap(({ series, items }) =>
    items.map(([number, , verdict]) => ({ series, number, verdict })),
  );
  const faults = Object.entries(ranges).flatMap(([series, [first, last]]) => {
    const numbers = items.filter((item) => item.series === series).map(({ number }) => number);
    return numberFaults(series, numbers, first, last);
  });
  const unknown = sections.filter(({ series }) => !(series in ranges));
  return [
    ...faults,
    ...unknown.map(({ series, title }) => `${title}: there is no series ${series}`),
    ...items.flatMap(({ series, number, verdict }) =>
      faultsOf(verdict, repository).map((fault) => `${series}-${number}: ${fault}`),
    ),
  ];
}

function numberFaults(series: string, numbers: readonly number[], first: number, last: number): string[] {
  const faults: string[] = [];
  for (let number = first; number <= last; number++) {
    const times = numbers.filter((other) => other === number).length;
    if (times !== 1) faults.push(`${series}-${number}: it has ${times} verdicts instead of one`);
  }
  const beyond = numbers.filter((number) => number < first || number > last);
  return [...faults, ...beyond.map((number) => `${series}-${number}: there is no such item`)];
}

function faultsOf(verdict: Verdict, { packages, rules, titles }: Repository): string[] {
  if (verdict.kind === "waits for" && packages.has(verdict.package)) {
    return [`it waits for ${verdict.package}, which is there`];
  }
  if (verdict.kind === "test" && verdict.proofs.length === 0) return ["it names no test"];
  const faults = verdict.kind === "differs" ? differenceFaults(verdict, rules) : [];
  for (const { file, title } of proofsOf(verdict)) {
    const meant = titlesMeant(title, titles(file) ?? []).length;
    if (meant !== 1) faults.push(`${file} has ${meant} tests '${title}' instead of one`);
  }
  return faults;
}

function differenceFaults(
  { rule, proofs }: Verdict & { kind: "differs" },
  rules: ReadonlySet<string>,
): string[] {
  if (rule === null) return proofs.length > 0 ? [] : ["it differs without a rule, and no test shows how"];
  return rules.has(rule) ? [] : [`there is no rule ${rule}`];
}
