import type { Count } from "./workers.ts";

const COLUMNS = 3;

/** How often each operation ran without a cancel, was cut by one, and ended before one came. */
export function table(counts: Readonly<Record<string, Count>>): string {
  const entries = Object.entries(counts);
  const width = Math.max(...entries.map(([name]) => name.length));
  const cells = entries.map(
    ([name, { calm, cut, late }]) =>
      `${name.padEnd(width)} ${String(calm).padStart(5)} ${String(cut).padStart(5)} ${String(late).padStart(5)}`,
  );
  const head = `${"".padEnd(width)}  calm   cut  late`;
  const rows = Math.ceil(cells.length / COLUMNS);
  const lines = Array.from({ length: rows }, (_, row) =>
    Array.from({ length: COLUMNS }, (_, column) => cells[row + column * rows] ?? "").join("  "),
  );
  return [Array.from({ length: COLUMNS }, () => head).join("  "), ...lines]
    .map((line) => `  ${line.trimEnd()}`)
    .join("\n");
}
