import { spawnSync } from "node:child_process";

/** Installs Debian packages where that is possible, else says why not. */
export function install(names: readonly string[], say: (line: string) => void): void {
  const list = names.join(" ");
  if (spawnSync("apt-get", ["--version"]).status !== 0)
    return say(`${list}: no apt-get to install them with`);
  if (process.getuid?.() !== 0) return say(`${list}: not installed; as root: apt-get install ${list}`);
  say(`installing ${list}`);
  aptGet("update");
  const { status, stderr } = aptGet("install", "-y", "--no-install-recommends", ...names);
  if (status !== 0) say(`${list}: apt-get failed: ${stderr.toString().trim()}`);
}

function aptGet(...args: readonly string[]): { status: number | null; stderr: Buffer } {
  return spawnSync("apt-get", args, { env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } });
}
