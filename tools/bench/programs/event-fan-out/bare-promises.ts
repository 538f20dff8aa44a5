import { countdown, deferred, turn, type Deferred, type Program } from "../../program.ts";

let event: Deferred;
let ended: Promise<number>;

/** A deferred. */
export const program: Program = {
  async prepare(n) {
    event = deferred();
    const waiting = countdown(n);
    let woken = 0;
    const task = async (): Promise<void> => {
      waiting.arrive();
      await event.promise;
      woken++;
    };
    ended = Promise.all(Array.from({ length: n }, task)).then(() => woken);
    await waiting.all;
    await turn();
  },
  run: () => {
    event.resolve();
    return ended;
  },
};
