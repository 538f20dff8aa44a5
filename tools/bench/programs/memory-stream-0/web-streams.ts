import type { Program } from "../../program.ts";
import { memoryStream } from "../memory-stream-64/web-streams.ts";

export const program: Program = memoryStream(0);
