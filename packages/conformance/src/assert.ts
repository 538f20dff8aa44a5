import { isError, type ErrorVocabulary } from "@arborio/core";

// A few assertions of its own: the runner is injected, so its are not known.

/** What a failed assertion throws. */
class AssertionError extends Error {
  override readonly name: string = "AssertionError";
}

export function ok(condition: unknown, what: string): asserts condition {
  if (!condition) throw new AssertionError(what);
}

/** Compares values, and arrays and plain objects of them. */
export function equal<T>(actual: T, expected: T, what: string): void {
  const [is, should] = [show(actual), show(expected)];
  ok(is === should, `${what}: expected ${should}, received ${is}`);
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return `bytes ${String(value)}`;
  return value === undefined ? "undefined" : JSON.stringify(value);
}

/** What a promise rejects with. */
export async function rejection(promise: PromiseLike<unknown>, what: string): Promise<unknown> {
  let value: unknown;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new AssertionError(`${what}: expected a rejection, received ${show(value)}`);
}

/** Checks that a promise rejects with that error of the library's; gives it. */
export async function fails<N extends keyof ErrorVocabulary>(
  promise: PromiseLike<unknown>,
  name: N,
  what: string,
): Promise<ErrorVocabulary[N]> {
  const error = await rejection(promise, what);
  if (!isError(error, name))
    throw new AssertionError(`${what}: expected ${name}, received ${String(error)}`, { cause: error });
  return error;
}

/** Checks that a promise rejects with an OSError of one of the codes; gives it. */
export async function refuses(
  promise: PromiseLike<unknown>,
  codes: string | readonly string[],
  what: string,
): Promise<ErrorVocabulary["OSError"]> {
  const error = await fails(promise, "OSError", what);
  ok([codes].flat().includes(error.code), `${what}: expected ${String(codes)}, received ${error.code}`);
  return error;
}

/** What a function throws. */
export function thrown(fn: () => unknown): unknown {
  try {
    fn();
  } catch (error) {
    return error;
  }
  throw new AssertionError("expected it to throw");
}
