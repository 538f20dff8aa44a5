import ts from "typescript";
import type { Source } from "./imports.ts";

// Every wait goes through core's one `suspend`, and its Waiter makes the promise: one made elsewhere is a wait
// that no scope can cancel and no simulation can see.
const exempt = [/^packages\/core\/src\/wait\/waiter\.ts$/, /^packages\/(backend-[a-z]+|testing)\/src\//];

/** Promises with settlers made outside the places that may. */
export function suspensionFaults({ name, text }: Source): string[] {
  if (exempt.some((pattern) => pattern.test(name))) return [];
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
  const faults: string[] = [];
  const visit = (node: ts.Node): void => {
    if (makesPromise(node)) {
      const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
      faults.push(`${name}:${line + 1} a wait of its own: use suspend of @arborio/core/lowlevel`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return faults;
}

function makesPromise(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return ts.isIdentifier(node.expression) && node.expression.text === "Promise";
  return ts.isPropertyAccessExpression(node) && node.name.text === "withResolvers";
}
