import type { Program } from "../../program.ts";
import { spawnWaitJoin } from "./native.ts";

/** An AbortController a task. */
export const program: Program = {
  run: (n) => spawnWaitJoin(n, () => new AbortController().signal),
};
