import { ArborioError, restoreStacks, suspendStacks } from "./base.ts";

/**
 * Who asked for a cancellation: an explicit `cancel`, a `deadline`, a failed `sibling` of the same group,
 * an AbortSignal or an OS `signal`, or the `exit` of a block or a run.
 */
export type CancelSource = "cancel" | "deadline" | "sibling" | "signal" | "exit";

/**
 * What a wait throws in a cancelled scope. It is named `AbortError` with code `ABORT_ERR`, as the platform names it,
 * so that foreign code treats it rightly. Let it pass, or throw it again: the scope that was cancelled absorbs it (C6).
 * One object serves a whole cancelled scope; it has no stack.
 */
export class Cancelled extends ArborioError {
  readonly source: CancelSource;
  /** What was given to `cancel(reason)`; the sibling's error; the signal's reason. */
  readonly reason: unknown;
  /** The name of the task that cancelled, if one did. */
  readonly by: string | undefined;

  constructor(source: CancelSource, reason?: unknown, by?: string) {
    const limit = suspendStacks();
    super(describe(source, reason, by), undefined, "Cancelled");
    restoreStacks(limit);
    this.source = source;
    this.reason = reason;
    this.by = by;
  }

  override get name(): "AbortError" {
    return "AbortError";
  }

  get code(): "ABORT_ERR" {
    return "ABORT_ERR";
  }
}

const CAUSES: Record<CancelSource, string> = {
  cancel: "cancel() was called",
  deadline: "the deadline passed",
  sibling: "another task of the group failed",
  signal: "a signal was received",
  exit: "the block was left",
};

function describe(source: CancelSource, reason: unknown, by: string | undefined): string {
  const task = by === undefined ? "" : ` by task '${by}'`;
  return `Cancelled: ${CAUSES[source]}${task}${reason === undefined ? "" : ` (${text(reason)})`}`;
}

function text(reason: unknown): string {
  if (reason instanceof Error) return `${reason.name}: ${reason.message}`;
  try {
    return String(reason);
  } catch {
    return typeof reason;
  }
}
