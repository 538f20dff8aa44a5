// Debug mode as tests use it: what it finds is collected.
import { startDebug, type DebugOptions, type DebugReport } from "@arborio/core/debug";

/** What debug mode finds while `fn` runs. */
export async function found(fn: () => unknown, options: DebugOptions = {}): Promise<DebugReport[]> {
  const reports: DebugReport[] = [];
  const stop = startDebug({ held: 10_000, ...options, report: (report) => void reports.push(report) });
  try {
    await fn();
  } finally {
    stop();
  }
  return reports;
}

/** The kinds and the first lines of what it found. */
export function titles(reports: readonly DebugReport[]): string[] {
  return reports.map(({ kind, message }) => `${kind}: ${message.split("\n", 1)[0] ?? ""}`);
}

/** Holds the event loop. */
export function hold(ms: number): void {
  const began = performance.now();
  while (performance.now() - began < ms);
}
