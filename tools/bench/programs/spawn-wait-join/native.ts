import { deferred, type Program } from "../../program.ts";
import { abortable } from "../by-hand.ts";

/** One deferred; one abort listener a wait, on the signal that the task is given. */
export async function spawnWaitJoin(n: number, signalOfTask: () => AbortSignal): Promise<number> {
  const event = deferred();
  let arrived = 0;
  let woken = 0;
  const task = async (signal: AbortSignal): Promise<void> => {
    if (++arrived === n) event.resolve();
    await abortable(event.promise, signal);
    woken++;
  };
  await Promise.all(Array.from({ length: n }, () => task(signalOfTask())));
  return woken;
}

/** One AbortController for all. Adding a listener walks those there are. */
export const program: Program = {
  limit: 1e4,
  run: (n) => {
    const { signal } = new AbortController();
    return spawnWaitJoin(n, () => signal);
  },
};
