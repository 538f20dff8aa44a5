import { osError, type Attempt } from "./os-error.ts";

interface Permission {
  has(scope: string): boolean;
}

/**
 * Checks that Node's permission model lets the process use the network. Node checks it too, but throws out of reach of any
 * caller where a server listens or a socket binds, which ends the process.
 *
 * @throws OSError `EACCES`
 */
export function checkNetPermission(attempt: Attempt): void {
  const { permission, allowedNodeEnvironmentFlags } = process as typeof process & { permission?: Permission };
  if (permission === undefined || permission.has("net")) return;
  // A Node without the flag has a model that leaves the network alone, and says "no" to a scope it does not know.
  if (allowedNodeEnvironmentFlags.has("--allow-net")) throw osError({ code: "ERR_ACCESS_DENIED" }, attempt);
}
