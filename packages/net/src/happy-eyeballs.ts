import { isError, leaves, type WaitOptions } from "@arborio/core";
import { OSError, type HostAddress } from "@arborio/core/backend";
import { cancelledNow, park, settling } from "@arborio/core/lowlevel";
import { staggered, type TaskHandle } from "@arborio/task-group";

/** One attempt to connect. */
export type Attempt<T> = (options: WaitOptions) => Promise<T>;

/** How attempts are made. */
export interface AttemptOptions<T> extends WaitOptions {
  /** Ms that those so far have to themselves, before another is begun. */
  readonly delay: number;
  /** Gets what was opened beside the first, or in vain. */
  readonly release: (opened: T) => void;
}

/** RFC 8305, section 4: the families take turns, beginning with that of the first address. */
export function interleave<A extends Pick<HostAddress, "family">>(addresses: readonly A[]): A[] {
  const preferred = addresses.filter(({ family }) => family === addresses[0]?.family);
  const others = addresses.filter(({ family }) => family !== addresses[0]?.family);
  const pairs = preferred.flatMap((address, i) => [address, ...others.slice(i, i + 1)]);
  return [...pairs, ...others.slice(preferred.length)];
}

/**
 * RFC 8305, section 5: attempts overlap, the next begins after the delay, or at once when one fails. Gives what the first
 * opened; the others are cancelled and waited for, and what they opened all the same is released.
 *
 * **Throws** what the only attempt throws, as it is; what {@link staggered} throws for several.
 */
export function firstOf<T>(
  attempts: readonly [Attempt<T>, ...Attempt<T>[]],
  { delay, release, signal }: AttemptOptions<T>,
): Promise<T> {
  if (attempts.length === 1) return attempts[0]({ signal });
  const opened = new Set<T>();
  const tasks = attempts.map((attempt) => async (task: TaskHandle): Promise<T> => {
    try {
      const one = await attempt(task);
      opened.add(one);
      return one;
    } catch (error) {
      // Refused in the turn in which it was told to end: then it has ended, no more.
      if (isError(error, "OSError") && cancelledNow(task)) return park(task);
      throw error;
    }
  });
  return settling(
    staggered(tasks, { delay, signal }),
    (first) => {
      // Connected in the same turn as the first: too late.
      for (const one of opened) if (one !== first) release(one);
      return first;
    },
    (error) => {
      opened.forEach(release);
      throw error;
    },
  );
}

// This machine has no way there, as to IPv6 addresses on a network without: it says nothing of the host.
const NO_WAY = new Set(["EADDRNOTAVAIL", "EAFNOSUPPORT", "EHOSTUNREACH", "ENETUNREACH"]);

/** What to throw for an error of {@link firstOf}: for the failures of several attempts one OSError, the most telling first. */
export function connectError(error: unknown, endpoint: string): unknown {
  if (!isError(error, "TaskGroupError")) return error;
  const failures = leaves(error);
  const refusals = failures.filter((one) => isError(one, "OSError"));
  const [first] = refusals;
  if (first === undefined || refusals.length < failures.length) return error;
  return new OSError({
    code: (refusals.find(({ code }) => !NO_WAY.has(code)) ?? first).code,
    syscall: "connect",
    address: endpoint,
    reason: "all connection attempts failed",
    cause: new AggregateError(refusals, refusals.map(({ message }) => message).join("; ")),
  });
}
