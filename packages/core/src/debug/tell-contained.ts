import { cell } from "../cell.ts";
import { currentScope, scopeOfSignal } from "../scope/current.ts";
import type { WaitOptions } from "../wait/suspend.ts";

/**
 * Tells the instruments and debug mode of an error that ended its connection and nothing else, so that it is not lost. Without
 * them it costs nothing.
 *
 * @param stream the connection
 * @param options of its task
 */
export function tellContained(error: unknown, stream: object, { signal }: WaitOptions): void {
  cell().tell?.("contained", error, stream, currentScope() ?? scopeOfSignal(signal));
}
