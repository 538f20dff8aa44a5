import type { Program } from "../../program.ts";
import { taking } from "../semaphore/async-sema.ts";

export const program: Program = taking(1);
