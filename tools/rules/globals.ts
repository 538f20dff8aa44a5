import path from "node:path";
import ts from "typescript";
import { files, folderOf, root } from "../workspace.ts";

const signals = ["AbortController", "AbortSignal", "DOMException"];
const timers = ["setTimeout", "clearTimeout", "queueMicrotask", "performance"];
const text = ["TextDecoder", "TextEncoder", "TextDecoderOptions"];
const webStreams = [
  ...[
    "ReadableStream",
    "ReadableStreamDefaultReader",
    "ReadableStreamDefaultController",
    "ReadableByteStreamController",
    "ReadableStreamBYOBReader",
    "ReadableWritablePair",
  ],
  ...["WritableStream", "WritableStreamDefaultWriter", "WritableStreamDefaultController"],
  ...["QueuingStrategy", "UnderlyingSource", "UnderlyingByteSource", "UnderlyingSink"],
];

/**
 * The Web platform's globals that each package may name, as values or as types. Backends are free: they are the
 * platform. A name is added here when a package needs it on every runtime, and only then.
 */
export const allowedGlobals: Readonly<Record<string, readonly string[]>> = {
  core: [...signals, ...timers, "MessageChannel", "MessagePort", "TextEncoder", "console"],
  cancellation: signals,
  "task-group": signals,
  streams: [...signals, ...text, ...webStreams],
  iteration: [...signals, "Event", "EventTarget"],
  net: [...signals, ...text, "URL"],
  fs: [...signals, ...text, "URL"],
  testing: [
    ...[...signals, ...timers, ...text, "MessageChannel", "MessagePort", "console"],
    // Rejections that nobody handled, where the host has no process to report them.
    ...["addEventListener", "removeEventListener", "PromiseRejectionEvent"],
  ],
  conformance: [
    ...[...signals, ...text, ...webStreams, "performance", "URL"],
    // For certificates of its own.
    ...["crypto", "CryptoKey", "btoa"],
  ],
  arborio: signals,
};

const isBackend = (name: string): boolean => folderOf(name).startsWith("backend-");

/** Web globals used where the table does not allow them, and `globalThis.X` and ambient declarations that go round it. */
export function globalFaults(
  names: readonly string[] = files("packages/*/src/**/*.ts"),
  base = root,
): string[] {
  const sources = names.filter((name) => !isBackend(name));
  const fileOf = (name: string): string => path.resolve(base, name);
  const program = ts.createProgram(sources.map(fileOf), compilerOptions());
  return sources.flatMap((name) => {
    const file = program.getSourceFile(fileOf(name));
    return file ? fileFaults(program.getTypeChecker(), file, name) : [`${name} was not read`];
  });
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.base.json"), (name) =>
    ts.sys.readFile(name),
  ) as {
    config: unknown;
  };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return { ...options, noEmit: true, composite: false, incremental: false, allowImportingTsExtensions: true };
}

function fileFaults(checker: ts.TypeChecker, file: ts.SourceFile, name: string): string[] {
  const faults: string[] = [];
  const visit = (node: ts.Node): void => {
    const fault =
      ambientFault(node, name) ?? globalThisFault(node, name) ?? identifierFault(checker, node, name);
    if (fault)
      faults.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1} ${fault}`);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return faults;
}

// A private copy of a global's type would compile on a platform that lacks the global.
function ambientFault(node: ts.Node, name: string): string | undefined {
  const declares =
    ts.canHaveModifiers(node) && node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
  if (!declares || ts.isPropertyDeclaration(node) || name.endsWith(".d.ts")) return undefined;
  return "declares a global of its own: take the platform's type, or ask the backend";
}

// Core reads three things there: its cell, the ambient slot's mechanism, and AsyncContext.
const viaGlobalThis: Readonly<Record<string, readonly string[]>> = { core: ["process", "AsyncContext"] };

function globalThisFault(node: ts.Node, name: string): string | undefined {
  if (!ts.isPropertyAccessExpression(node) || node.expression.getText() !== "globalThis") return undefined;
  const property = node.name.text;
  const known = [...(viaGlobalThis[folderOf(name)] ?? []), ...(allowedGlobals[folderOf(name)] ?? [])];
  return known.includes(property) ? undefined : `globalThis.${property} is not allowed in ${folderOf(name)}`;
}

function identifierFault(checker: ts.TypeChecker, node: ts.Node, name: string): string | undefined {
  if (!ts.isIdentifier(node) || !isWebGlobal(checker.getSymbolAtLocation(node))) return undefined;
  if (allowedGlobals[folderOf(name)]?.includes(node.text)) return undefined;
  return `the Web global ${node.text} is not allowed in ${folderOf(name)}`;
}

function isWebGlobal(symbol: ts.Symbol | undefined): boolean {
  const declarations = symbol?.declarations ?? [];
  return (
    declarations.length > 0 &&
    declarations.every(
      (one) => isTopLevel(one) && /\/lib\.webworker[.\w]*\.d\.ts$/.test(one.getSourceFile().fileName),
    )
  );
}

function isTopLevel(declaration: ts.Declaration): boolean {
  const statement = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return ts.isSourceFile(statement.parent);
}
