import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { entries, packages, root, specifier, type Package } from "./workspace.ts";

/** A package's public declarations as one text, from the built .d.ts: what a reviewer reads to see an API change. */
export function apiOf(item: Package): string {
  const inputs = entries(item, "types");
  const program = ts.createProgram(
    inputs.map(([, file]) => file),
    compilerOptions,
  );
  const sections = inputs.map(([entry, file]) => {
    return `## ${specifier(item, entry)}\n\n\`\`\`ts\n${declarations(program, file, item)}\n\`\`\`\n`;
  });
  return `# API of ${item.manifest.name}\n\nWritten by \`pnpm api\`; \`pnpm check\` compares it.\n\n${sections.join("\n")}`;
}

const compilerOptions: ts.CompilerOptions = {
  module: ts.ModuleKind.NodeNext,
  target: ts.ScriptTarget.ES2023,
  lib: ["lib.es2023.d.ts", "lib.esnext.disposable.d.ts", "lib.webworker.d.ts"],
  types: [],
  noEmit: true,
};

function declarations(program: ts.Program, file: string, item: Package): string {
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (!source) throw new Error(`Cannot read ${path.relative(root, file)}: build first`);
  const module = checker.getSymbolAtLocation(source);
  const exported = module ? checker.getExportsOfModule(module) : [];
  const byName = exported.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return byName.map((symbol) => declaration(checker, symbol, item)).join("\n");
}

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

function declaration(checker: ts.TypeChecker, symbol: ts.Symbol, item: Package): string {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const parts = (target.declarations ?? []).map((one) => {
    const home = packageOf(one.getSourceFile().fileName);
    return home === item.manifest.name ? print(one) : `export { ${symbol.name} }; // of ${home}`;
  });
  const renamed = target.name === symbol.name ? "" : `// as ${symbol.name}:\n`;
  return renamed + [...new Set(parts)].join("\n");
}

function packageOf(file: string): string {
  const own = packages().find((item) => file.startsWith(item.path + path.sep));
  return own?.manifest.name ?? "another package";
}

function print(node: ts.Declaration): string {
  const whole = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  return printer.printNode(ts.EmitHint.Unspecified, whole, node.getSourceFile());
}

const fileOf = (item: Package): string => path.join(item.path, "api.md");

/** Packages whose public declarations are not those written down. Needs a build. */
export function apiFaults(): string[] {
  return packages().flatMap((item) => {
    const written = existsSync(fileOf(item)) ? readFileSync(fileOf(item), "utf8") : "";
    return written === apiOf(item)
      ? []
      : [`${item.folder}: the API changed:\n${difference(written, apiOf(item))}\nif meant, run pnpm api`];
  });
}

function difference(before: string, after: string): string {
  const [old, now] = [before.split("\n"), after.split("\n")];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const added = now.filter((line) => !old.includes(line)).map((line) => `+ ${line}`);
  return [...gone, ...added].slice(0, 40).join("\n");
}

export function writeApi(): void {
  for (const item of packages()) writeFileSync(fileOf(item), apiOf(item));
}
