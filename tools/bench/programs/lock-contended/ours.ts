import { Lock } from "@arborio/sync";
import type { Program } from "../../program.ts";
import { contending } from "../semaphore-contended/ours.ts";

export const program: Program = contending(() => new Lock());
