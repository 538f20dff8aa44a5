import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import type { Program } from "../../program.ts";
import { chunksOfLines, LINE } from "../chunks.ts";

export const program: Program = {
  async run(n) {
    const input = Readable.from(chunksOfLines(n), { objectMode: false });
    let lines = 0;
    for await (const line of createInterface({ input })) if (line.length === LINE) lines++;
    return lines;
  },
};
