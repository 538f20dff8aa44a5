import type { Program } from "../../program.ts";
import { chunksOfLines, LINE } from "../chunks.ts";

/** A whole chunk is split at once: no wait a line. */
export const program: Program = {
  async run(n) {
    const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const chunk of chunksOfLines(n)) controller.enqueue(chunk);
        controller.close();
      },
    });
    const texts = source.pipeThrough(new TextDecoderStream());
    let lines = 0;
    let rest = "";
    for await (const text of texts) {
      const parts = (rest + text).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) if (line.length === LINE) lines++;
    }
    return lines;
  },
};
