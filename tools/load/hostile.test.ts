// Every function that takes a text, with texts that a fuzzer makes. `pnpm load hostile` has fixed ones, on Deno too, and times.
import { openTemporaryDirectory, run } from "arborio";
import fc from "fast-check";
import { expect, test } from "vitest";
import { answerFault, hostileCalls } from "./programs/hostile-calls.ts";

const MIB = 1 << 20;

const parts = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 50 }),
  fc.string({ unit: fc.constantFrom("1", ":", ".", "%", "a", "\u00ad", "-"), minLength: 1, maxLength: 50 }),
);

/** What no function takes: it is too long for a name, or has a line end; a NUL in it or not. */
const texts = fc
  .tuple(parts, fc.constantFrom(1, 10, 1_000, MIB), fc.constantFrom("\n", "\u001b[0m\n", "\0"))
  .map(
    ([part, length, end]) => part.repeat(Math.ceil(length / part.length)).slice(0, MIB - end.length) + end,
  );

test.each(hostileCalls.map((call) => [call.name, call] as const))(
  "hostile texts, up to 1 MiB, are answered by one short line: %s",
  (_, call) =>
    run(async () => {
      await using folder = await openTemporaryDirectory();
      const property = fc.asyncProperty(texts, async (text) => {
        expect(await answerFault(call, text, folder.path)).toBe(undefined);
      });
      await fc.assert(property, { numRuns: 50 });
    }),
);
