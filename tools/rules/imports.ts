import ts from "typescript";
import type { Manifest } from "../workspace.ts";

/** Which packages of ours a package may import; the table of the design. Tests and tools are free. */
export const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  cancellation: ["core"],
  "task-group": ["core", "cancellation"],
  sync: ["core"],
  streams: ["core"],
  iteration: ["core", "cancellation", "task-group", "sync", "streams"],
  net: ["core", "cancellation", "task-group", "sync", "streams"],
  fs: ["core", "cancellation", "streams"],
  process: ["core", "cancellation", "task-group", "streams"],
  workers: ["core", "cancellation", "sync"],
  "backend-node": ["core"],
  // Deno's servers speak TLS by Node's engine (docs/decisions/0017-silent-tls-clients.md).
  "backend-alt": ["core", "backend-node"],
  testing: ["core", "cancellation", "task-group"],
  conformance: "core cancellation task-group sync streams iteration net fs process workers testing".split(
    " ",
  ),
  arborio:
    "core cancellation task-group sync streams iteration net fs process workers backend-node backend-alt".split(
      " ",
    ),
};

/** Foreign modules that one file may import. */
const foreign: Readonly<Record<string, readonly string[]>> = { "packages/testing/src/vitest.ts": ["vitest"] };

export interface Source {
  /** Relative to the root: `packages/net/src/tcp.ts`. */
  readonly name: string;
  readonly text: string;
}

const isBackend = (folder: string): boolean => folder.startsWith("backend-");

/** The faults in one source file's imports and exports. */
export function importFaults({ name, text }: Source, manifest: Manifest): string[] {
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ESNext, true);
  const faults: string[] = [];
  const visit = (node: ts.Node): void => {
    const fault = exportStarFault(node) ?? specifierFault(node, name, manifest);
    if (fault) faults.push(`${name}:${lineOf(file, node)} ${fault}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return faults;
}

function lineOf(file: ts.SourceFile, node: ts.Node): number {
  return file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
}

// Reading index.ts must be reading the API: with a star one has to open every file.
function exportStarFault(node: ts.Node): string | undefined {
  const star =
    ts.isExportDeclaration(node) && (!node.exportClause || ts.isNamespaceExport(node.exportClause));
  return star ? "export * hides what is exported: name it" : undefined;
}

function specifierFault(node: ts.Node, name: string, manifest: Manifest): string | undefined {
  const specifier = specifierOf(node);
  return specifier === undefined ? undefined : moduleFault(specifier, name, manifest);
}

function specifierOf(node: ts.Node): string | undefined {
  const found =
    ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) ? node.argument.literal : moduleOf(node);
  return found && ts.isStringLiteralLike(found) ? found.text : undefined;
}

function moduleOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
    ? node.arguments[0]
    : undefined;
}

function moduleFault(specifier: string, name: string, manifest: Manifest): string | undefined {
  const folder = name.split("/")[1] ?? "";
  if (specifier.startsWith(".")) return relativeFault(specifier, name);
  if (specifier.startsWith("#"))
    return folder === "arborio" ? undefined : `only the umbrella has imports such as ${specifier}`;
  if (specifier.startsWith("node:"))
    return isBackend(folder) ? undefined : `only a backend may import ${specifier}`;
  if (specifier.startsWith("@arborio/")) return siblingFault(specifier, folder, manifest);
  return foreign[name]?.includes(specifier)
    ? undefined
    : `${specifier} is not ours: packages have no foreign dependency`;
}

function relativeFault(specifier: string, name: string): string | undefined {
  const depth = name.split("/").length - "packages/x/src/".split("/").length;
  const ups = specifier.split("/").filter((part) => part === "..").length;
  if (ups > depth) return `${specifier} leaves the package's src`;
  return specifier.endsWith(".ts") ? undefined : `${specifier} must end in .ts, as the file does`;
}

function siblingFault(specifier: string, folder: string, manifest: Manifest): string | undefined {
  const [, sibling = "", ...entry] = specifier.split("/");
  if (!allowed[folder]?.includes(sibling)) return `${folder} may not import ${specifier}`;
  if (isBackend(folder) && !isBackend(sibling) && entry.join("/") !== "backend")
    return `a backend may import only @arborio/core/backend`;
  return manifest.dependencies?.[`@arborio/${sibling}`]
    ? undefined
    : `@arborio/${sibling} is not in dependencies`;
}
