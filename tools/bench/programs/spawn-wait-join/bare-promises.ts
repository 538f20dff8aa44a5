import { deferred, type Program } from "../../program.ts";

/** Nothing here can be cancelled. */
export const program: Program = {
  async run(n) {
    const event = deferred();
    let arrived = 0;
    let woken = 0;
    const task = async (): Promise<void> => {
      if (++arrived === n) event.resolve();
      await event.promise;
      woken++;
    };
    await Promise.all(Array.from({ length: n }, task));
    return woken;
  },
};
