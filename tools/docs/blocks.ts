/** What is done with a TypeScript block of the documentation. */
export type Treatment = "run" | "typecheck" | "read";

export interface Block {
  /** `docs/design.md:12`, the line of the fence. */
  readonly place: string;
  readonly code: string;
  readonly treatment: Treatment;
}

/**
 * The ```ts blocks of a Markdown text. A block with an import is a program, and is run; ```ts no-run is only
 * typechecked; one without any import, or marked ```ts fragment, is for reading.
 */
export function markdownBlocks(name: string, text: string): Block[] {
  const fences = text.matchAll(/^```ts\b *([^\n]*)\n([\s\S]*?)^```$/gm);
  return [...fences].map((match) => {
    const [, marks = "", code = ""] = match;
    return { place: `${name}:${lineAt(text, match.index)}`, code, treatment: treatment(marks, code) };
  });
}

function treatment(marks: string, code: string): Treatment {
  if (/\bno-run\b/.test(marks)) return "typecheck";
  return /\bfragment\b/.test(marks) || !/^import\b/m.test(code) ? "read" : "run";
}

function lineAt(text: string, index: number): number {
  return text.slice(0, index).split("\n").length;
}

/** The blocks in a source file's first doc comment, where an index.ts has its example. */
export function commentBlocks(name: string, text: string): Block[] {
  const comment = /\/\*\*[\s\S]*?\*\//.exec(text);
  if (!comment) return [];
  const above = text.slice(0, comment.index);
  const inside = comment[0].replace(/^[ \t]*\*(?:[ \t]|$)?/gm, "");
  return markdownBlocks(name, above + inside);
}
