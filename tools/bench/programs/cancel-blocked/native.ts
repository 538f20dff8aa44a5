import { countdown, turn, type Program } from "../../program.ts";
import { aborted } from "../by-hand.ts";

/** Tasks that each wait for the abort of the signal they are given. */
export async function block(n: number, signalOfTask: () => AbortSignal): Promise<() => Promise<number>> {
  const blocked = countdown(n);
  let cancelled = 0;
  const task = async (signal: AbortSignal): Promise<void> => {
    blocked.arrive();
    try {
      await aborted(signal);
    } finally {
      cancelled++;
    }
  };
  const tasks = Promise.allSettled(Array.from({ length: n }, () => task(signalOfTask())));
  await blocked.all;
  await turn();
  return () => tasks.then(() => cancelled);
}

let controller: AbortController;
let ended: () => Promise<number>;

/** Listeners on one AbortController. Adding one walks those there are. */
export const program: Program = {
  limit: 1e4,
  async prepare(n) {
    const { signal } = (controller = new AbortController());
    ended = await block(n, () => signal);
  },
  run: () => {
    controller.abort();
    return ended();
  },
};
