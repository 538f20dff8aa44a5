import { temporaryDirectory, writeFile } from "@arborio/fs";
import type { Register } from "./suite.ts";

/** Registers a test in a directory of its own, where there is `file` (hello). */
export function withFolder({ run }: Register, title: string, fn: (path: string) => Promise<void>): void {
  run(title, () =>
    temporaryDirectory(async (path) => {
      await writeFile(`${path}/file`, "hello");
      await fn(path);
    }),
  );
}
