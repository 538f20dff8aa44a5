import type { Program } from "../../program.ts";
import { memoryStream } from "../memory-stream-64/web-streams.ts";
import { PAIRS } from "../sizes.ts";

export const program: Program = memoryStream(64, PAIRS);
