import { checkFunction, currentScope, runUnder } from "@arborio/core/lowlevel";

/** Runs functions in the scope in which it was made. */
export type Snapshot = <A extends unknown[], R>(fn: (...args: A) => R, ...args: A) => R;

/**
 * Takes the current scope along: the function it gives runs others in it, from wherever they are called. If it has ended
 * by then, in its nearest live ancestor, else in none (C20); taken outside any scope: in none.
 */
export function snapshot(): Snapshot {
  const scope = currentScope();
  return (fn, ...args) => runUnder(scope, () => fn(...args));
}

/**
 * Gives a function that does what `fn` does in the scope in which `bind` was called: for callbacks that foreign code, such
 * as an emitter or a pool, calls from a context of its own. See {@link snapshot}.
 *
 * @throws TypeError for what is no function
 */
export function bind<This, A extends unknown[], R>(
  fn: (this: This, ...args: A) => R,
): (this: This, ...args: A) => R {
  checkFunction("bind", fn);
  const run = snapshot();
  return function (...args) {
    return run(() => fn.apply(this, args));
  };
}
