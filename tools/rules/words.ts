import type { Source } from "./imports.ts";

// Each is written so that this file does not match itself.
const forbidden: readonly [RegExp, string][] = [
  [/\.\.\/share[d]\b/, "a folder outside the repository"],
  [/(?<![\w.-])\/wor[k]\//, "a path of one machine"],
  [/(?<![\w.-])\/(?:home|Users)\/[a-z]/, "a path of one machine"],
  [/\bregistr[y]\.[a-z]+\.[a-z]+/, "the host of a registry"],
  [/\bissu[e] #?\d/i, "a number that means nothing to a reader of the repository"],
];

/** Words that only mean something on the machine they were written on. */
export function wordFaults({ name, text }: Source): string[] {
  return text
    .split("\n")
    .flatMap((line, index) =>
      forbidden
        .filter(([pattern]) => pattern.test(line))
        .map(([, why]) => `${name}:${index + 1} names ${why}`),
    );
}
