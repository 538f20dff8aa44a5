import type { DirectoryEntry, FsBackend } from "@arborio/core/backend";
import { openFile } from "./file.ts";
import type { DenoHost } from "./host-types.ts";
import { attempted } from "./os-error.ts";
import { fileStat, kindOf } from "./stat.ts";

/** Files over `Deno.open` and its siblings. */
export function createFs(deno: DenoHost): FsBackend {
  return {
    separator: deno.build.os === "windows" ? "\\" : "/",
    open: (path, options) => openFile(deno, path, options),
    stat: (path, followLinks) =>
      attempted((followLinks ? deno.stat(path) : deno.lstat(path)).then(fileStat), { syscall: "stat", path }),
    readDirectory: (path) => attempted(entries(deno, path), { syscall: "readdir", path }),
    makeDirectory: (path, options) => attempted(deno.mkdir(path, options), { syscall: "mkdir", path }),
    remove: (path, options) => attempted(deno.remove(path, options), { syscall: "remove", path }),
    makeTemporaryDirectory: ({ prefix, parent }) =>
      attempted(deno.makeTempDir({ prefix, ...(parent === undefined ? {} : { dir: parent }) }), {
        syscall: "mkdtemp",
        path: parent === undefined ? prefix : `${parent}/${prefix}`,
      }),
  };
}

async function entries(deno: DenoHost, path: string): Promise<DirectoryEntry[]> {
  const found: DirectoryEntry[] = [];
  for await (const entry of deno.readDir(path)) found.push({ name: entry.name, kind: kindOf(entry) });
  return found;
}
