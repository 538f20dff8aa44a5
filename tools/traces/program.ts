import { readFileSync } from "node:fs";

/** An operation of a recorded program; the README of the fixtures says what each does. */
export type Op = readonly [name: string, ...args: unknown[]];
export type Block = readonly Op[];
export type Entry = readonly [time: number, text: string];

/** A small concurrent program, and what it logged when it was recorded. */
export interface Program {
  readonly id: number;
  /** Its memory object streams, each of a size. */
  readonly chans?: Readonly<Record<string, number>>;
  readonly locks?: readonly string[];
  readonly events?: readonly string[];
  readonly conds?: readonly string[];
  /** Initial values. */
  readonly sems?: Readonly<Record<string, number>>;
  /** Total tokens. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly main: Block;
  readonly trace: readonly Entry[];
}

/** Reads a file of one program a line. */
export function readPrograms(file: string): Program[] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.filter((line) => line.trim() !== "").map((line) => JSON.parse(line) as Program);
}

/** By time, then by text in code units: entries of one time have no order among them. */
export function sorted(trace: readonly Entry[]): Entry[] {
  return [...trace].sort(
    ([time, text], [time2, text2]) => time - time2 || (text < text2 ? -1 : text > text2 ? 1 : 0),
  );
}

/** The first entry in which two traces differ, in words; undefined if they are equal. */
export function difference(expected: readonly Entry[], actual: readonly Entry[]): string | undefined {
  const want = sorted(expected);
  const got = sorted(actual);
  for (let at = 0; at < Math.max(want.length, got.length); at++) {
    if (say(want[at]) !== say(got[at]))
      return `entry ${String(at)}: recorded ${say(want[at])}, replayed ${say(got[at])}`;
  }
  return undefined;
}

function say(entry: Entry | undefined): string {
  return entry === undefined ? "nothing" : `${String(entry[0])} ${JSON.stringify(entry[1])}`;
}
