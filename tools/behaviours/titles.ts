import ts from "typescript";

// The last as in packages/conformance, whose parts register tests by what they are given.
const functions = [
  ...["everywhere", "timed", "onRealClock", "test", "simulated", "serving", "servingSeveral"],
  ...["run", "raw", "pair", "withPair", "listening", "state"],
];

/** Of the conformance suite: they register by a title, some after other arguments. */
const registering = [
  "raw",
  "run",
  "pair",
  "side",
  "opening",
  "inFolder",
  "withName",
  "withPair",
  "listening",
];

/**
 * The titles of the tests of a file, as written: `%s` and `${…}` stay. A test registered by `test.each` or `test.skipIf` is
 * one too; one that never runs, by `test.skip` or `test.todo`, is none.
 */
export function titlesIn(name: string, text: string): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
  const titles: string[] = [];
  const inSuite = name.startsWith("packages/conformance/src/");
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && registers(node, inSuite) && !isSkipped(node)) {
      const title = inSuite ? node.arguments.find(isText) : node.arguments[0];
      if (title !== undefined && isText(title)) titles.push(textOf(title));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

function registers({ expression }: ts.CallExpression, inSuite: boolean): boolean {
  const name = rootOf(expression);
  return functions.includes(name) || (inSuite && registering.includes(name));
}

/** `test` of `test.each(cases)`. */
function rootOf(node: ts.Expression): string {
  if (ts.isCallExpression(node) || ts.isPropertyAccessExpression(node)) return rootOf(node.expression);
  return ts.isIdentifier(node) ? node.text : "";
}

function isSkipped({ expression }: ts.CallExpression): boolean {
  return ts.isPropertyAccessExpression(expression) && ["skip", "todo"].includes(expression.name.text);
}

type Text = ts.StringLiteralLike | ts.TemplateExpression;

function isText(node: ts.Node): node is Text {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node);
}

function textOf(node: Text): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText().slice(1, -1);
}

/** The titles that are meant by one, or by its beginning. */
export function titlesMeant(title: string, titles: readonly string[]): string[] {
  const same = titles.filter((other) => other === title);
  return same.length > 0 ? same : titles.filter((other) => other.startsWith(title));
}
