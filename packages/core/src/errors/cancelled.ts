import { define } from "./base.ts";

/**
 * Who asked for a cancellation: an explicit `cancel`, a `deadline`, a failed `sibling` of the same group,
 * an AbortSignal or an OS `signal`, or the `exit` of a block or a run.
 */
export type CancelSource = "cancel" | "deadline" | "sibling" | "signal" | "exit";

const Base: new (message: string) => Error = define("Cancelled", true);

/**
 * What a wait throws in a cancelled scope. It is named `AbortError` with code `ABORT_ERR`, as the platform names it,
 * so that foreign code treats it rightly. Let it pass, or throw it again: the scope that was cancelled absorbs it (C6).
 * One object serves a whole cancelled scope; it has no stack.
 */
export class Cancelled extends Base {
  readonly source: CancelSource;
  /** What was given to `cancel(reason)`; the sibling's error; the signal's reason. */
  readonly reason: unknown;
  /** The name of the task that cancelled, if one did. */
  readonly by: string | undefined;
  /** The name of the task whose scope was cancelled; undefined for a scope outside any task, or not entered yet. */
  readonly of: string | undefined;

  constructor(source: CancelSource, reason?: unknown, by?: string, of?: string) {
    super(
      `Cancelled by ${source}${by === undefined ? "" : ` of task '${by}'`}${reason === undefined ? "" : `: ${textOf(reason)}`}`,
    );
    this.source = source;
    this.reason = reason;
    this.by = by;
    this.of = of;
  }

  override get name(): "AbortError" {
    return "AbortError";
  }

  get code(): "ABORT_ERR" {
    return "ABORT_ERR";
  }
}

/** Whether this is an Error, of any realm; for words about it only, as a foreign object may say so of itself. */
export function isAnError(thrown: unknown): thrown is Error {
  return thrown instanceof Error || Object.prototype.toString.call(thrown) === "[object Error]";
}

/** What was thrown or given as a reason, in words. */
export function textOf(thrown: unknown): string {
  try {
    return String(isAnError(thrown) ? thrown.message : thrown);
  } catch {
    return typeof thrown;
  }
}
