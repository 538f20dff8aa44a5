/** What becomes of a behaviour here. */
export type Verdict =
  | { readonly kind: "test"; readonly proofs: readonly Proof[] }
  | {
      readonly kind: "differs";
      /** The rule of docs/semantics.md that says otherwise; null if none does: then a test shows it. */
      readonly rule: string | null;
      readonly why: string;
      readonly proofs: readonly Proof[];
    }
  | { readonly kind: "not portable"; readonly why: string }
  | { readonly kind: "waits for"; readonly package: string };

/** A test of ours. */
export interface Proof {
  /** From the root of the repository. */
  readonly file: string;
  /** The title, or the beginning of one. */
  readonly title: string;
}

/** Its number in its series, what holds there in our words, and what becomes of it here. */
export type Item = readonly [number: number, text: string, verdict: Verdict];

/** A part of a series of behaviours, as the page shows it. */
export interface Section {
  /** The series: items are called by it and their number, as `anyio-3.1-17`. */
  readonly series: string;
  readonly title: string;
  /** Whose tests pin these behaviours down. */
  readonly source: string;
  readonly items: readonly Item[];
}

/**
 * Titles by file: `task-group/spawn` is packages/task-group/test/spawn.test.ts; `conformance/files` a part of the suite,
 * packages/conformance/src/files.ts.
 */
export type Proofs = Readonly<Record<string, string | readonly string[]>>;

export const by = (proofs: Proofs): Verdict => ({ kind: "test", proofs: listed(proofs) });

export const differs = (rule: string | null, why: string, proofs: Proofs = {}): Verdict => ({
  kind: "differs",
  rule,
  why,
  proofs: listed(proofs),
});

export const notPortable = (why: string): Verdict => ({ kind: "not portable", why });

export const waitsFor = (name: string): Verdict => ({ kind: "waits for", package: name });

function listed(proofs: Proofs): Proof[] {
  return Object.entries(proofs).flatMap(([name, titles]) => {
    const [folder = "", test = ""] = name.split("/");
    const file =
      folder === "conformance"
        ? `packages/conformance/src/${test}.ts`
        : `packages/${folder}/test/${test}.test.ts`;
    return [titles].flat().map((title) => ({ file, title }));
  });
}

export function proofsOf(verdict: Verdict): readonly Proof[] {
  return "proofs" in verdict ? verdict.proofs : [];
}
