import type { Measures } from "./programs/measures.ts";

interface Both {
  readonly client: Measures;
  readonly server: Measures;
}

/** What the client's program found; each scenario has some of it. */
export interface Findings {
  readonly before: Both;
  readonly during: Both;
  readonly after: Both;
  readonly answered: number;
  readonly opening: number;
  readonly messages: number;
  readonly attempts: number;
  readonly refused: Readonly<Record<string, number>>;
  readonly sent: number;
  readonly cut: number;
  readonly broken: number;
}

export interface Scenario {
  readonly name: string;
  amount(has: { readonly limit: number; readonly seconds: number }): number;
  /** In a line. */
  tell(findings: Findings): string;
  faults(findings: Findings, amount: number): string[];
}

const CONNECTIONS = 10_000;
const SLOW = 20;
const MIB = 1 << 20;

// A peer's and our own buffers of a connection; Linux takes up to 6 MiB to receive and 4 MiB to send.
const BUFFERS = 16;
/** MiB that two heaps may differ by for other reasons. */
const NOISE = 10;

export const scenarios: readonly Scenario[] = [
  {
    name: "connections",
    // Some are needed for other things.
    amount: ({ limit }) => Math.min(CONNECTIONS, limit - 200),
    tell: ({ answered, opening, messages, before, during }) =>
      `${String(answered)} connections opened in ${seconds(opening)}, a message each way on each in ${seconds(messages)}; ` +
      `${String(Math.round((during.server.memory - before.server.memory) / answered))} bytes each in the server's heap`,
    faults: ({ answered, before, after }, amount) => [
      ...(answered === amount ? [] : [`${String(answered)} of ${String(amount)} were answered`]),
      ...leaks(before, after),
    ],
  },
  {
    name: "cancelled",
    amount: ({ seconds }) => seconds,
    tell: ({ attempts, before, after }) =>
      `${String(attempts)} clients cut; memory ${growth(before, after)}, descriptors ${counts(after, "descriptors")}, tasks ${counts(after, "tasks")}`,
    faults: ({ refused, before, after }) => [
      ...Object.entries(refused).map(([code, times]) => `${String(times)} attempts ended with ${code}`),
      ...leaks(before, after),
    ],
  },
  {
    name: "slow-readers",
    amount: () => SLOW,
    tell: ({ sent, before, during }) =>
      `${sent.toFixed(1)} MiB went to ${String(SLOW)} that read nothing; memory ${growth(before, during)}`,
    faults: ({ sent, cut, broken, before, during, after }) => [
      ...(sent <= SLOW * BUFFERS ? [] : [`${sent.toFixed(1)} MiB were taken, more than buffers hold`]),
      ...(cut === SLOW ? [] : [`${String(cut)} of ${String(SLOW)} blocked sends were cut by their deadline`]),
      ...(broken === SLOW ? [] : [`after it ${String(broken)} sends were refused`]),
      ...grown(before, during),
      ...leaks(before, after),
    ],
  },
];

const sides = ["client", "server"] as const;

function leaks(before: Both, after: Both): string[] {
  const kinds = ["descriptors", "timers", "tasks"] as const;
  return [
    ...sides.flatMap((side) =>
      kinds
        .filter((kind) => (after[side][kind] ?? 0) > (before[side][kind] ?? 0))
        .map(
          (kind) =>
            `the ${side} has ${String(after[side][kind])} ${kind}, and had ${String(before[side][kind])}`,
        ),
    ),
    ...grown(before, after),
  ];
}

function grown(before: Both, after: Both): string[] {
  return sides
    .filter((side) => after[side].memory - before[side].memory > NOISE * MIB)
    .map((side) => `the ${side}'s memory has grown by ${mib(after[side].memory - before[side].memory)}`);
}

function growth(before: Both, after: Both): string {
  return sides.map((side) => `${side} ${mib(after[side].memory - before[side].memory)}`).join(", ");
}

function counts(both: Both, kind: "descriptors" | "tasks"): string {
  return sides.map((side) => String(both[side][kind])).join(" and ");
}

const mib = (bytes: number): string => `${bytes < 0 ? "" : "+"}${(bytes / MIB).toFixed(1)} MiB`;
const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
