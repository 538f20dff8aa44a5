import type { Program } from "../../program.ts";
import { taking } from "../semaphore/effect.ts";

/** What it has for a lock. */
export const program: Program = taking(1);
