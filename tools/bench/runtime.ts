/** What this process runs on, with its version. */
export function runtimeName(): string {
  const { deno } = process.versions as { deno?: string };
  return deno === undefined ? `node ${process.versions.node}` : `deno ${deno}`;
}
