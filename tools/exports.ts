import { faultsOf, inParallel } from "./command.ts";
import { withTarballs } from "./pack.ts";
import { packages } from "./workspace.ts";

/** What publint and "are the types wrong" find in the tarballs that would be published. */
export function exportFaults(): Promise<string[]> {
  return withTarballs(async (tarball) => {
    const found = await inParallel(packages(), ({ folder }) => tarballFaults(folder, tarball(folder)));
    return found.flat();
  });
}

async function tarballFaults(folder: string, tarball: string): Promise<string[]> {
  const publint = await faultsOf("publint", ["run", tarball, "--strict"]);
  const types = await faultsOf("attw", [tarball, "--profile", "esm-only", "--no-emoji", "--no-color"]);
  return [...publint, ...types].map((fault) => `${folder}: ${fault}`);
}
