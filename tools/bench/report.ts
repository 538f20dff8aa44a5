import { floorOf, isMissed, type Floor } from "./floors.ts";
import type { Row } from "./rows.ts";

/** How rows come out. */
export interface Report {
  row(row: Row): void;
  end(): void;
}

type Print = (line: string) => void;

/** An object a line. */
export function jsonReport(runtime: string, print: Print): Report {
  return {
    row: ({ workload, n, unit, ours, peer, peerValue, ratio }) => {
      const values =
        unit === "ns"
          ? { ours_ns: ours, peer, peer_ns: peerValue }
          : { unit, ours, peer, peer_value: peerValue };
      print(JSON.stringify({ workload, n, runtime, ...values, ratio }));
    },
    end: () => {},
  };
}

const COLUMNS: readonly [title: string, width: number][] = [
  ["workload", 22],
  ["n", 7],
  ["ours", 11],
  ["peer", 18],
  ["peer's", 11],
  ["ratio", 8],
  ["wanted", 10],
  ["noise", 6],
];

const LEFT = ["workload", "peer"];

/** A table for people: ns an item unless a unit is given; ratio is the peer's ÷ ours. */
export function tableReport(runtime: string, print: Print): Report {
  let missed = 0;
  let rows = 0;
  print(
    `${runtime}: ns an item; ratio = peer's ÷ ours; noise = the middle half of the slices ÷ the median\n`,
  );
  print(line(COLUMNS.map(([title]) => title)));
  return {
    row: (row) => {
      const floor = floorOf(row.workload, row.peer);
      const below = floor !== undefined && isMissed(floor, row.ours, row.ratio);
      rows++;
      if (below) missed++;
      print(line(cells(row, floor)) + (below ? "  ✗ below" : ""));
    },
    end: () => print(`\n${rows} rows, ${missed} below what is wanted`),
  };
}

function cells(
  { workload, n, unit, ours, peer, peerValue, ratio, noise }: Row,
  floor: Floor | undefined,
): string[] {
  const sign = { ns: "", bytes: " B", times: " ×" }[unit];
  return [
    workload,
    n.toLocaleString("en"),
    value(ours) + sign,
    peer,
    value(peerValue) + sign,
    ratio.toFixed(2),
    floor === undefined ? "" : wanted(floor),
    `${(noise * 100).toFixed(0)} %`,
  ];
}

function wanted(floor: Floor): string {
  return "ratio" in floor ? `≥ ${floor.ratio.toFixed(2)}` : `≤ ${value(floor.atMost)}`;
}

function value(number: number): string {
  return number < 100 ? number.toFixed(1) : Math.round(number).toLocaleString("en");
}

function line(texts: readonly string[]): string {
  return texts
    .map((text, at) => {
      const [title, width] = COLUMNS[at] as [string, number];
      return LEFT.includes(title) ? text.padEnd(width) : text.padStart(width);
    })
    .join(" ")
    .trimEnd();
}
