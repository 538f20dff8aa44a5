import type { Program } from "../../program.ts";
import { contending } from "../semaphore-contended/effect.ts";

/** What it has for a lock. */
export const program: Program = contending(1);
