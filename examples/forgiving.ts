import { isError, split } from "arborio";

/**
 * As `onError` of `serve`: a failure that is the peer's business (it went away, was refused or was too slow) ends its
 * connection and no other. What else fails is a bug, and goes on.
 */
export function forgiving(error: unknown): void {
  const [, bug] = split(error, isPeers);
  if (bug !== undefined) throw bug;
}

function isPeers(error: unknown): boolean {
  return (["BrokenResourceError", "EndOfStream", "OSError", "TimeoutError"] as const).some((name) =>
    isError(error, name),
  );
}
