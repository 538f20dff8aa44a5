import { oneLine } from "../errors/one-line.ts";
import type { TaskInfo } from "../task/info.ts";
import { nearest } from "./call-site.ts";

/** What debug mode finds; stable names. */
export type DebugReportKind =
  | "cancellation-ignored"
  | "event-loop-held"
  | "wait-in-ended-scope"
  | "resource-dropped"
  | "deadline-overshot"
  | "connection-failed";

/** Something that debug mode found. */
export interface DebugReport {
  readonly kind: DebugReportKind;
  /** In words, with the places on lines of their own. */
  readonly message: string;
  /** Whose it is; undefined outside any task. */
  readonly task: TaskInfo | undefined;
}

/** A finding, before it is worded. */
export interface Finding {
  readonly kind: DebugReportKind;
  readonly what: string;
  readonly task?: TaskInfo | undefined;
  /** Where in the user's code: what was opened, begun. None: where the task was spawned. */
  readonly site?: string | undefined;
  /** What happened there, as `opened`. */
  readonly happened?: string | undefined;
  /** Tells places apart, where the site does not. */
  readonly place?: string | undefined;
}

/** Words findings, each kind once for each place, and hands them on. */
export class Reports {
  readonly #report: (report: DebugReport) => void;
  readonly #said = new Set<string>();

  constructor(report: (report: DebugReport) => void) {
    this.#report = report;
  }

  readonly add = ({ kind, what, task, site, happened = "", place = "" }: Finding): void => {
    const spawned = task?.spawnedAt;
    const key = `${kind} ${place} ${nearest(site || spawned || task?.name || what)}`;
    if (this.#said.has(key)) return;
    this.#said.add(key);
    const message = [
      oneLine(what),
      ...stack(happened, site),
      ...stack(`task '${oneLine(task?.name ?? "", 100)}' was spawned`, spawned),
    ];
    this.#report({ kind, message: message.join("\n"), task });
  };
}

function stack(happened: string, site: string | undefined): string[] {
  if (site === undefined || site === "") return [];
  return site
    .split("\n")
    .map((frame, index) => (index === 0 ? `    ${happened} at ${frame}` : `        from ${frame}`));
}
