import { oneLine } from "./one-line.ts";

/** The key of an error's brand: the same in every copy of this package. */
const BRAND = Symbol.for("@arborio/core.error");

/**
 * An error of the library. `name` and `code` are stable; tell errors apart by `isError` or `code`, never by `instanceof`:
 * two copies of the package may be installed.
 */
export interface ArborioError<N extends string = string, C extends string = string> extends Error {
  readonly name: N;
  /** `ERR_…`, save `ABORT_ERR` and an OSError's POSIX codes. */
  readonly code: C;
}

/** A class of the vocabulary. */
export interface ErrorClass<N extends string, C extends string> {
  new (message?: string, options?: ErrorOptions): ArborioError<N, C>;
}

interface AnyErrorConstructor {
  new (...args: never[]): Error;
}

const stacks = Error as { stackTraceLimit?: number | undefined };

/**
 * Makes a class of the vocabulary. Its code is its name's words: `WouldBlock`, `ERR_WOULD_BLOCK`; `BusyResourceError`,
 * `ERR_BUSY_RESOURCE`.
 *
 * Its message is made one line of at most 300 characters, whatever names, paths and texts of others are in it; only a
 * DeadlockError's is the task tree.
 *
 * @param stackless for errors that say where a value was not found, not where a fault is: a stack costs µs
 */
export function define<E>(brand: string, stackless = false, base: AnyErrorConstructor = Error): E {
  const code = `ERR${brand
    .replace(/Error$/, "")
    .replace(/[A-Z]/g, "_$&")
    .toUpperCase()}`;
  class Defined extends base {
    constructor(...args: never[]) {
      const limit = stacks.stackTraceLimit;
      if (stackless) stacks.stackTraceLimit = 0;
      try {
        super(...(brand === "DeadlockError" ? args : bounded(args, base === Error ? 0 : 1)));
      } finally {
        if (stackless) stacks.stackTraceLimit = limit;
      }
    }

    override get name(): string {
      return brand;
    }

    get code(): string {
      return code;
    }

    get [BRAND](): string {
      return brand;
    }
  }
  // Consoles print the name of the class.
  Object.defineProperty(Defined, "name", { value: brand });
  return Defined as E;
}

/** The arguments of an error's constructor, with a message that is safe to print: also in the stack, which begins with it. */
function bounded(args: unknown[], at: number): never[] {
  const message = args[at] as string | undefined;
  // Of any type: as the platform's errors take it.
  if (message !== undefined) args[at] = oneLine(`${message}`);
  return args as never[];
}

/** The name an error was branded with, or undefined if it is none of ours. */
export function brandOf(error: unknown): string | undefined {
  return asked(() => (Object(error) as { [BRAND]?: string })[BRAND]);
}

/** What `ask` reads of what was thrown, which may be anything: undefined if that throws, as a getter or a proxy may. */
export function asked<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
