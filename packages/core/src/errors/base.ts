/** The key of an error's brand: it is the same in every copy of this package. */
const BRAND = Symbol.for("@arborio/core.error");

/**
 * The base of every error of the library but {@link TaskGroupError} (an AggregateError).
 * `name` and `code` are stable; tell errors apart by {@link isError} or `code`, never by `instanceof`
 * (two copies of the package may be installed).
 */
export abstract class ArborioError extends Error {
  /** Stable, `ERR_…` (save `ABORT_ERR` and an OSError's POSIX codes). */
  abstract get code(): string;

  constructor(message: string, options?: ErrorOptions, kind?: string) {
    super(message, options);
    brand(this, kind ?? this.name);
  }
}

/** Brands an error with the name of its class in the vocabulary. */
export function brand(error: object, kind: string): void {
  Object.defineProperty(error, BRAND, { value: kind });
}

/** The name an error was branded with, or undefined if it is none of ours. */
export function brandOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null ? (error as { [BRAND]?: string })[BRAND] : undefined;
}

const stacks = Error as { stackTraceLimit?: number };

/**
 * Stops the taking of stacks until {@link restoreStacks} is called with what this gave. For errors that say where a value
 * was not found, not where a fault is: a stack costs µs.
 */
export function suspendStacks(): number | undefined {
  const limit = stacks.stackTraceLimit;
  if (limit !== undefined) stacks.stackTraceLimit = 0;
  return limit;
}

export function restoreStacks(limit: number | undefined): void {
  if (limit !== undefined) stacks.stackTraceLimit = limit;
}
