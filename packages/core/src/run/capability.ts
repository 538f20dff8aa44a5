import type { Backend, Capability } from "../contract/backend.ts";
import type { Host } from "../contract/host.ts";
import { NoBackendError, RunFinishedError, UnsupportedError } from "../errors/vocabulary.ts";
import { currentRuntime } from "../scope/current.ts";
import { inSlot } from "../slot.ts";
import type { WaitOptions } from "../wait/suspend.ts";

/**
 * A capability of the current root's backend.
 * @param action what cannot be done without, as `connect`
 * @param signal by which the root is known where there is no ambient context
 * @throws NoBackendError outside any run with a backend, RunFinishedError where the run has ended, UnsupportedError if this backend has no such capability
 */
export function capability<K extends Capability>(
  name: K,
  action: string,
  signal?: AbortSignal,
): NonNullable<Backend[K]> {
  const { backend } = currentRuntime(signal);
  if (backend === undefined) throw noBackend(action);
  const found = backend[name];
  if (found === undefined)
    throw new UnsupportedError(`Cannot ${action}: backend '${backend.name}' has no ${name}`);
  return found;
}

/** Arguments, environment, standard streams and exit of the process the program runs in. */
export function host({ signal }: WaitOptions = {}): Host {
  return capability("host", "use the host", signal);
}

function noBackend(action: string): Error {
  // A floating promise that outlived its run still has the run's frame, but no live scope.
  if (inSlot()?.runtime.backend !== undefined)
    return new RunFinishedError(`Cannot ${action}: the run has finished`);
  return new NoBackendError(
    `Cannot ${action}: there is no backend; call it inside run(main, { backend }), or import run from 'arborio'`,
  );
}
