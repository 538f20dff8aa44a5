import { wrongType } from "@arborio/core/lowlevel";

/** Any emitter: Node's EventEmitter, and what is shaped like it. Its `error` events are failures. */
export type Emitter =
  | { on(event: never, listener: never): unknown; off(event: never, listener: never): unknown }
  | {
      addListener(event: never, listener: never): unknown;
      removeListener(event: never, listener: never): unknown;
    };

type Listener = (...args: unknown[]) => void;
type Change = (event: string | symbol, listener: Listener) => unknown;

/** How to add and take back a listener. */
interface Manners {
  readonly add: Change;
  readonly remove: Change;
  /** Whether `error` events are failures. */
  readonly fails: boolean;
}

/**
 * Listens until the result is called.
 * @param onEvent gets the event of an EventTarget, the list of arguments of an emitter
 * @param onError gets what an emitter says with `error`, unless that is the event
 * @throws TypeError for what is neither
 */
export function listen(
  target: EventTarget | Emitter,
  event: string | symbol,
  onEvent: (value: unknown) => void,
  onError: (error: unknown) => void,
): () => void {
  const { add, remove, fails } = mannersOf(target);
  const listeners: [string | symbol, Listener][] = [[event, fails ? (...args) => onEvent(args) : onEvent]];
  if (fails && event !== "error") listeners.push(["error", onError]);
  const stop = (): void => {
    for (const [name, listener] of listeners.splice(0)) remove.call(target, name, listener);
  };
  try {
    for (const [name, listener] of listeners) add.call(target, name, listener);
  } catch (error) {
    stop();
    throw error;
  }
  return stop;
}

/** As node:events does: what has `on` is taken for an emitter, also if it is an EventTarget. */
export function mannersOf(target: EventTarget | Emitter): Manners {
  const has = (target ?? {}) as unknown as Record<string, Change | undefined>;
  for (const [add, remove, fails] of PAIRS) {
    if (typeof has[add] === "function" && typeof has[remove] === "function") {
      return { add: has[add], remove: has[remove], fails };
    }
  }
  throw wrongType("listen", "it takes an emitter or an EventTarget", target);
}

const PAIRS = [
  ["on", "off", true],
  ["addListener", "removeListener", true],
  ["addEventListener", "removeEventListener", false],
] as const;
