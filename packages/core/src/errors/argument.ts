import { oneLine, shortened } from "./one-line.ts";

/** An argument of the wrong type: `Cannot <do>: <expected>, received <type>`. */
export function wrongType(
  action: string,
  expected: string,
  value: unknown,
  options?: ErrorOptions,
): TypeError {
  const type = value === null ? "null" : typeof value;
  return new TypeError(`Cannot ${action}: ${expected}, received ${type}`, options);
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

/** The name of an environment variable. @throws TypeError for what can be none: a host would cut it at a NUL, and read another */
export function checkVariable(name: string): string {
  if (typeof name === "string" && /^[^=\0]+$/.test(name)) return name;
  const action = "read the environment variable";
  throw new TypeError(`Cannot ${action}: its name must be text without = and NUL, received ${show(name)}`);
}

/** @throws TypeError for what is no number, RangeError for NaN */
export function checkTime(action: string, argument: string, value: number): number {
  if (typeof value !== "number") throw wrongType(action, `${argument} must be a number`, value);
  if (Number.isNaN(value))
    throw new RangeError(`Cannot ${action}: ${argument} must be a number, received NaN`);
  return value;
}

/** A value as messages show it, in at most 102 characters. */
export function show(value: unknown): string {
  if (typeof value === "string") return oneLine(JSON.stringify(shortened(value, 100)), 102);
  if (typeof value === "function") return "a function";
  return Object(value) === value ? "an object" : oneLine(String(value), 100);
}

/**
 * A Uint8Array, of any realm.
 *
 * @throws TypeError for anything else, and for one whose memory was transferred or cut: it would be taken for an empty one
 */
export function checkBytes(action: string, bytes: Uint8Array): Uint8Array {
  if (!isBytes(bytes)) throw wrongType(action, "it takes a Uint8Array", bytes);
  if (bytes.length === 0 && isGone(bytes))
    throw new TypeError(`Cannot ${action}: the memory of the Uint8Array is gone`);
  return bytes;
}

/**
 * As {@link checkBytes}, for hosts; a copy of one whose memory others may change or cut meanwhile (shared or resizable), for not every
 * host takes such. Not for what is only copied: to look at the memory costs a small array more than to copy it.
 */
export function checkHostBytes(action: string, bytes: Uint8Array): Uint8Array {
  const { buffer } = checkBytes(action, bytes);
  const unsteady = "grow" in buffer || (buffer as { resizable?: boolean }).resizable === true;
  return unsteady ? new Uint8Array(bytes) : bytes;
}

/** Whether this is a Uint8Array, of any realm: by the platform's own brands, which nothing else can have. */
export function isBytes(value: unknown): value is Uint8Array {
  if (!ArrayBuffer.isView(value)) return false;
  return (
    value instanceof Uint8Array ||
    Reflect.get(Uint8Array.prototype, Symbol.toStringTag, value) === "Uint8Array"
  );
}

function isGone(bytes: Uint8Array): boolean {
  try {
    new Uint8Array(bytes);
    return false;
  } catch {
    return true;
  }
}

const sound = /* @__PURE__ */ new WeakSet<AbortSignal>();

/**
 * A signal, or what looks like one: another realm's, a library's. Of each it is found out once whether it can be listened to.
 *
 * @throws TypeError for what cannot
 */
export function checkSignal(signal: AbortSignal): AbortSignal {
  let failure: ErrorOptions | undefined;
  try {
    if (sound.has(signal)) return signal;
    if (typeof signal.aborted === "boolean") {
      signal.addEventListener("abort", ignore);
      signal.removeEventListener("abort", ignore);
      sound.add(signal);
      return signal;
    }
  } catch (cause) {
    failure = { cause };
  }
  throw wrongType("use the signal", "it must be an AbortSignal", signal, failure);
}

const ignore = (): void => {};
