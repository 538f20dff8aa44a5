import { Effect, Stream } from "effect";
import type { Program } from "../../program.ts";
import { chunksOfLines, LINE } from "../chunks.ts";

const readLines = Effect.fnUntraced(function* (n: number) {
  let lines = 0;
  yield* Stream.fromIterable(chunksOfLines(n), { chunkSize: 1 }).pipe(
    Stream.decodeText(),
    Stream.splitLines,
    Stream.runForEach((line) => Effect.sync(() => void (line.length === LINE && lines++))),
  );
  return lines;
});

export const program: Program = { run: (n) => Effect.runPromise(readLines(n)) };
