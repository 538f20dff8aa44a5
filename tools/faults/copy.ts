import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { root } from "../workspace.ts";

// What none of the tests reads. node_modules of the packages are relative links: they lead to the copy.
const left = new Set([".git", ".turbo", "coverage", "dist"]);
// The scopes and packages of ours, in node_modules: links that must not lead back to the repository.
const ours = /^(arborio|@arborio.*)$/;

/** Copies the repository without what is built or installed; gives the folder. */
export function copyRepository(): string {
  const copy = mkdtempSync(path.join(tmpdir(), "arborio-faults-"));
  for (const name of readdirSync(root)) {
    if (left.has(name) || name === "node_modules") continue;
    const filter = (source: string): boolean => !left.has(path.basename(source));
    cpSync(path.join(root, name), path.join(copy, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter,
    });
  }
  linkModules(path.join(root, "node_modules"), path.join(copy, "node_modules"));
  return copy;
}

/** Our own packages by copied links, the others by links to the installed ones. */
function linkModules(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) {
    const [source, target] = [path.join(from, name), path.join(to, name)];
    if (name.startsWith(".vite")) continue;
    if (ours.test(name)) cpSync(source, target, { recursive: true, verbatimSymlinks: true });
    else symlinkSync(source, target);
  }
}

export function removeCopy(copy: string): void {
  rmSync(copy, { recursive: true, force: true });
}
