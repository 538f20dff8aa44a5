import { existsSync, globSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";

export const root: string = path.resolve(import.meta.dirname, "..");

export type Exports = Record<string, unknown>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports: Exports;
  readonly dependencies?: Record<string, string>;
  readonly peerDependencies?: Record<string, string>;
  readonly publishConfig: { readonly exports: Exports };
}

/** A published package of the workspace. */
export interface Package {
  /** The folder's name below `packages/`. */
  readonly folder: string;
  readonly path: string;
  readonly manifest: Manifest;
}

export function packages(): Package[] {
  const parent = path.join(root, "packages");
  return readdirSync(parent)
    .filter((folder) => existsSync(path.join(parent, folder, "package.json")))
    .map((folder) => readPackage(path.join(parent, folder)));
}

function readPackage(folder: string): Package {
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as Manifest;
  return { folder: path.basename(folder), path: folder, manifest };
}

/** The built file of each entry: `[".", "/…/dist/index.js"]`. A platform's choice is followed on Node. */
export function entries(item: Package, kind: "types" | "default"): [entry: string, file: string][] {
  return Object.entries(item.manifest.publishConfig.exports).map(([entry, target]) => [
    entry,
    path.join(item.path, pick(target, kind)),
  ]);
}

function pick(target: unknown, kind: "types" | "default"): string {
  if (typeof target === "string") return target;
  const conditions = target as Record<string, unknown>;
  const next = conditions["node"] ?? conditions[kind];
  if (next === undefined) throw new Error(`Cannot read exports: no '${kind}' in ${JSON.stringify(target)}`);
  return pick(next, kind);
}

/** What one writes to import an entry: `@arborio/core/lowlevel`. */
export function specifier(item: Package, entry: string): string {
  return item.manifest.name + entry.slice(1);
}

/** Files below the root, as paths relative to it, sorted. */
export function files(...patterns: string[]): string[] {
  const skipped = (name: string): boolean =>
    name.split("/").some((part) => part === "node_modules" || part === "dist");
  return globSync(patterns, { cwd: root })
    .filter((name) => !skipped(name))
    .sort();
}

export function read(name: string): string {
  return readFileSync(path.join(root, name), "utf8");
}

/** `packages/net/src/tcp.ts` is in `net`. */
export function folderOf(name: string): string {
  return name.split("/")[1] ?? "";
}
