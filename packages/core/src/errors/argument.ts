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
