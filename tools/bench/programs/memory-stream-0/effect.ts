import type { Program } from "../../program.ts";
import { memoryStream } from "../memory-stream-64/effect.ts";

export const program: Program = memoryStream(0);
