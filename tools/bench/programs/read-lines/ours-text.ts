import { fromByteIterable, TextReceiveStream } from "@arborio/streams";
import { run } from "arborio";
import type { Program } from "../../program.ts";
import { chunksOfLines, LINE } from "../chunks.ts";

/** Lines of text, as the other peers of JavaScript give them. */
export const program: Program = {
  run: (n) =>
    run(async () => {
      const stream = new TextReceiveStream(fromByteIterable(chunksOfLines(n)));
      let lines = 0;
      for await (const line of stream.lines()) if (line.length === LINE) lines++;
      await stream.close();
      return lines;
    }),
};
