import { isError, split } from "arborio";

/**
 * A handler of connections whose failures are its peers' business: that one went away, was refused or was too slow ends its
 * connection and no other. What else fails is a bug, and goes on.
 */
export function forgiving<S>(
  handler: (stream: S) => Promise<void>,
  say: (error: unknown) => void = () => {},
): (stream: S) => Promise<void> {
  return async (stream) => {
    try {
      await handler(stream);
    } catch (error) {
      const [peers, rest] = split(error, isPeers);
      if (peers !== undefined) say(peers);
      if (rest !== undefined) throw rest;
    }
  };
}

function isPeers(error: unknown): boolean {
  return (["BrokenResourceError", "EndOfStream", "OSError", "TimeoutError"] as const).some((name) =>
    isError(error, name),
  );
}
