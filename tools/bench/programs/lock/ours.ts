import { Lock } from "@arborio/sync";
import type { Program } from "../../program.ts";
import { taking } from "../semaphore/ours.ts";

export const program: Program = taking(() => new Lock());
