import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { entries, packages, read, root, specifier, type Package } from "./workspace.ts";

/** Bytes, minified and gzipped. */
interface Budgets {
  /** Each package's own code, all its entries, without the packages it imports. */
  readonly packages: Readonly<Record<string, number>>;
  /** What an application's bundle grows by: an import statement, with everything it pulls in. */
  readonly scenarios: Readonly<Record<string, { readonly code: string; readonly budget: number }>>;
}

interface Measured {
  readonly name: string;
  readonly size: number;
  readonly budget: number | undefined;
}

/** Prints each size beside its budget, and gives those above, and packages without one. Needs a build. */
export async function sizeFaults(): Promise<string[]> {
  const measured = await measureAll(JSON.parse(read("tools/sizes.json")) as Budgets);
  console.log(measured.map(row).join("\n"));
  return measured.filter(({ size, budget }) => !(size <= (budget ?? -1))).map(fault);
}

function row({ name, size, budget }: Measured): string {
  return `  ${name.padEnd(36)} ${String(size).padStart(6)} of ${String(budget ?? "none").padStart(6)} bytes`;
}

function fault({ name, size, budget }: Measured): string {
  return budget === undefined
    ? `${name} has no budget in tools/sizes.json`
    : `${name} is ${size} bytes min+gzip, ${size - budget} above its budget`;
}

function measureAll(budgets: Budgets): Promise<Measured[]> {
  const own = packages().map(async (item): Promise<Measured> => {
    return {
      name: item.folder,
      size: await measure(ownCode(item), ["@arborio/*"]),
      budget: budgets.packages[item.folder],
    };
  });
  const whole = Object.entries(budgets.scenarios).map(async ([name, { code, budget }]): Promise<Measured> => {
    return { name, size: await measure(code, []), budget };
  });
  return Promise.all([...own, ...whole]);
}

function ownCode(item: Package): string {
  const name = (entry: string): string => JSON.stringify(specifier(item, entry));
  return entries(item, "default")
    .map(([entry], index) => `import * as e${index} from ${name(entry)}; use(e${index});`)
    .join("");
}

async function measure(code: string, siblings: string[]): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    write: false,
    format: "esm",
    target: "es2023",
    platform: "neutral",
    // A package's own name must not count as a sibling: its code is what is measured.
    plugins: [
      {
        name: "siblings",
        setup: (hooks) =>
          hooks.onResolve({ filter: /^@arborio\// }, ({ importer, path }) =>
            isSibling(importer) && siblings.length > 0 ? { path, external: true } : undefined,
          ),
      },
    ],
    external: ["node:*", "vitest"],
  });
  return gzipSync(outputFiles[0]!.contents, { level: 9 }).length;
}

const isSibling = (importer: string): boolean => importer !== "<stdin>";
