import { expect, test } from "vitest";
import { commentBlocks, markdownBlocks } from "./blocks.ts";

const fence = "```";
const block = (info: string, code: string): string => `${fence}${info}\n${code}\n${fence}\n`;

test("a program is run, a marked one typechecked, a fragment read", () => {
  const text =
    block("ts", 'import "a";') +
    block("ts no-run", 'import "b";') +
    block("ts", "f();") +
    block("js", "import 1");
  expect(markdownBlocks("a.md", text).map(({ treatment }) => treatment)).toEqual([
    "run",
    "typecheck",
    "read",
  ]);
});

test("a block's place is its fence's line", () => {
  expect(markdownBlocks("a.md", `one\n\n${block("ts", "f();")}`)[0]?.place).toBe("a.md:3");
});

test("a doc comment's example loses its stars and keeps its lines", () => {
  const text = `// first\n/**\n * Words.\n *\n * ${fence}ts\n * import "a";\n *\n *   f();\n * ${fence}\n */\nexport {};\n`;
  expect(commentBlocks("index.ts", text)).toEqual([
    { place: "index.ts:5", code: 'import "a";\n\n  f();\n', treatment: "run" },
  ]);
});
