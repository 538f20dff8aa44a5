import type { Backend, Capability } from "../contract/backend.ts";
import type { Host } from "../contract/host.ts";
import { NoBackendError, RunFinishedError, UnsupportedError } from "../errors/vocabulary.ts";
import { currentRuntime } from "../scope/current.ts";
import { slot } from "../slot.ts";

/**
 * A capability of the current root's backend.
 * @param action what cannot be done without, as `connect`
 * @throws NoBackendError outside any run with a backend, RunFinishedError where the run has ended, UnsupportedError if this backend has no such capability
 */
export function capability<K extends Capability>(name: K, action: string): NonNullable<Backend[K]> {
  const { backend } = currentRuntime();
  if (backend === undefined) throw noBackend(action);
  const found = backend[name];
  if (found === undefined) throw new UnsupportedError(`Cannot ${action}: backend '${backend.name}' has no ${name}`);
  return found;
}

/** Arguments, environment, standard streams and exit of the process the program runs in. */
export function host(): Host {
  return capability("host", "use the host");
}

function noBackend(action: string): Error {
  // A floating promise that outlived its run still has the run's frame, but no live scope.
  if (slot().get()?.runtime.finished === true) return new RunFinishedError(`Cannot ${action}: the run has finished`);
  return new NoBackendError(`Cannot ${action}: there is no backend; call it inside run(main, { backend }), or import run from 'arborio'`);
}
