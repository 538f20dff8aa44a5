import { BufferedByteReceiveStream, fromByteIterable } from "@arborio/streams";
import { run } from "arborio";
import type { Program } from "../../program.ts";
import { chunksOfLines, LINE } from "../chunks.ts";

const newline = new TextEncoder().encode("\n");

/** Lines of bytes, each received by a call of its own. */
export const program: Program = {
  run: (n) =>
    run(async () => {
      const stream = new BufferedByteReceiveStream(fromByteIterable(chunksOfLines(n)));
      let lines = 0;
      for (let left = n; left > 0; left--) {
        const line = await stream.receiveUntil(newline, 1_000);
        if (line.length === LINE) lines++;
      }
      await stream.close();
      return lines;
    }),
};
