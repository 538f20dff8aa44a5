/** An argument of the wrong type: `Cannot <do>: <expected>, received <type>`. */
export function wrongType(action: string, expected: string, value: unknown): TypeError {
  return new TypeError(`Cannot ${action}: ${expected}, received ${value === null ? "null" : typeof value}`);
}

/** @throws TypeError for what is no function; for a promise it says what to write (T4) */
export function checkFunction<F>(action: string, fn: F): F {
  if (typeof fn === "function") return fn;
  const runs = typeof (fn as { then?: unknown } | null | undefined)?.then === "function";
  throw wrongType(
    action,
    runs ? "a promise runs already: write () => work(), not work()" : "it takes a function",
    fn,
  );
}

/**
 * The arguments of a call that lends something to a function: those of what is lent, the function, and options, if there are.
 *
 * @throws TypeError if there is no function
 */
export function lendingArguments(
  action: string,
  args: readonly unknown[],
): [own: unknown[], fn: unknown, options: unknown] {
  const at = args.length - (typeof args.at(-1) === "function" ? 1 : 2);
  return [args.slice(0, at), checkFunction(action, args[at]), args[at + 1]];
}

/** @throws TypeError for what is no number, RangeError for NaN */
export function checkTime(action: string, argument: string, value: number): number {
  if (typeof value !== "number") throw wrongType(action, `${argument} must be a number`, value);
  if (Number.isNaN(value))
    throw new RangeError(`Cannot ${action}: ${argument} must be a number, received NaN`);
  return value;
}

/** @throws TypeError if it is no AbortSignal */
export function checkSignal(signal: AbortSignal): AbortSignal {
  if (typeof (signal as AbortSignal | null)?.addEventListener === "function") return signal;
  throw wrongType("use the signal", "it must be an AbortSignal", signal);
}
