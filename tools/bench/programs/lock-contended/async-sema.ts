import type { Program } from "../../program.ts";
import { contending } from "../semaphore-contended/async-sema.ts";

export const program: Program = contending(1);
