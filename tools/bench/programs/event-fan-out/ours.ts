import { AsyncEvent } from "@arborio/sync";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import { countdown, turn, type Program } from "../../program.ts";

let event: AsyncEvent;
let ended: Promise<number>;

export const program: Program = {
  async prepare(n) {
    event = new AsyncEvent();
    const waiting = countdown(n);
    let woken = 0;
    const task = async (): Promise<void> => {
      waiting.arrive();
      await event.wait();
      woken++;
    };
    ended = run(async () => {
      await taskGroup((group) => {
        for (let i = 0; i < n; i++) group.spawn(task);
      });
      return woken;
    });
    await waiting.all;
    await turn();
  },
  run: () => {
    event.set();
    return ended;
  },
};
