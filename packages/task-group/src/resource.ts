import { isCancelled, MisuseError, TaskCancelled, type ScopeControl, type WaitOptions } from "@arborio/core";
import { shield } from "@arborio/cancellation";
import {
  callIn,
  cancelScope,
  checkFunction,
  lendingArguments,
  openScope,
  runIn,
  ScopeNode,
} from "@arborio/core/lowlevel";
import { setUps } from "./open-task-group.ts";

/**
 * A resource, for use by a function: its own arguments, if it takes some, then the function, then options. `V` is what it
 * yields, `R` what its generator returns if it handles an error of the function.
 */
export type Resource<A extends unknown[], V, R> = <T>(
  ...args: [
    ...args: A,
    fn: (value: V, scope: Pick<ScopeControl, "signal">) => T | PromiseLike<T>,
    options?: WaitOptions,
  ]
) => Promise<T | (R extends void ? never : R)>;

type Use<V> = (value: V, scope: Pick<ScopeControl, "signal">) => unknown;

/**
 * Makes a resource of an async generator function: set-up, one `yield` of the value, clean-up. Using it gives what the
 * function gives.
 *
 * ```ts fragment
 * const withDb = resource(async function* (url: string) {
 *   const db = await connect(url);
 *   try { yield db; } finally { await db.close(); }
 * });
 * const rows = await withDb("db://main", (db) => db.query("…"));
 * ```
 *
 * An error of the function is thrown at the `yield`. A generator that catches it and returns a value has handled it, and
 * the call gives that value; one that returns nothing has not, and the error comes out after the clean-up.
 *
 * Task groups opened in the set-up (`await using group = openTaskGroup()`) are around the function: if one fails or is
 * cancelled the function is, the clean-up runs, and the group's error comes out; TaskCancelled, if there is none.
 *
 * **Cancellation** Set-up and function run in the caller's scope. What comes after the `yield` runs under a shield.
 *
 * **Throws** what set-up, function and clean-up throw; MisuseError if the generator function is none, yields never or twice.
 */
export function resource<A extends unknown[], V, R>(
  generator: (...args: A) => AsyncGenerator<V, R, undefined>,
): Resource<A, V, R> {
  checkFunction("make a resource", generator);
  const what = `the resource${generator.name === "" ? "" : ` '${generator.name}'`}`;
  const use = (...args: unknown[]): Promise<unknown> => {
    const [own, fn, options] = lendingArguments(`use ${what}`, args);
    const scope = new ScopeNode();
    openScope(scope, (options as WaitOptions | undefined) ?? {});
    const run = (): Promise<unknown> => live(scope, generator(...(own as A)), fn as Use<V>, what);
    return runIn(scope, run, undefined, ({ cancelled: cause }) => {
      throw new TaskCancelled(`Cannot finish the use of ${what}: its task group was cancelled`, { cause });
    });
  };
  return use as Resource<A, V, R>;
}

/** The life of a resource, in its scope. */
async function live<V>(
  scope: ScopeNode,
  generator: AsyncGenerator<V, unknown, undefined>,
  fn: Use<V>,
  what: string,
): Promise<unknown> {
  const [value, inner] = await setUp(scope, generator, what);
  let failure: { readonly error: unknown } | undefined;
  const given = await callIn(inner, (around) => fn(value, around), inner).catch((error: unknown) => {
    failure = { error };
  });
  if (failure === undefined) {
    await cleanUp(generator, () => generator.next(), what);
    return given;
  }
  const { error } = failure;
  // Cut by a group of the set-up. Its Cancelled goes through the clean-up, and then this scope takes it.
  const { effective } = inner;
  if (effective !== undefined && isCancelled(error)) cancelScope(scope, effective.source, effective.reason);
  const handled = await cleanUp(generator, () => generator.throw(error), what, error);
  if (handled === undefined) throw error;
  return handled;
}

/** Runs a generator to its `yield`; gives the value, and the innermost scope that is around what comes next. */
async function setUp<V>(
  scope: ScopeNode,
  generator: AsyncGenerator<V, unknown, undefined>,
  what: string,
): Promise<[value: V, inner: ScopeNode]> {
  if (typeof (generator as Partial<typeof generator> | undefined)?.[Symbol.asyncIterator] !== "function") {
    throw misuse(what, "is to be an async generator function");
  }
  setUps.set(scope, scope);
  const first = await generator.next();
  if (first.done === true) throw misuse(what, "must yield once, and never did");
  let inner = setUps.get(scope) ?? scope;
  setUps.delete(scope);
  // A group of the set-up may have ended before the yield.
  while (inner.state === "left") inner = inner.parent ?? scope;
  return [first.value, inner];
}

/** Goes on after the `yield`, to the end; gives what the generator returns. */
async function cleanUp(
  generator: AsyncGenerator<unknown, unknown, undefined>,
  resume: () => Promise<IteratorResult<unknown>>,
  what: string,
  cause?: unknown,
): Promise<unknown> {
  const end = await shield(resume);
  if (end.done === true) return end.value as unknown;
  await shield(() => generator.return(undefined));
  throw misuse(what, "must yield once, and did twice", cause);
}

function misuse(what: string, how: string, cause?: unknown): Error {
  return new MisuseError(`Cannot use ${what}: it ${how}`, { cause });
}
