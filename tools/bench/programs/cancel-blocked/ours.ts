import { sleepForever } from "@arborio/core";
import { taskGroup, type TaskGroup } from "@arborio/task-group";
import { run } from "arborio";
import { countdown, turn, type Program } from "../../program.ts";

let group: TaskGroup;
let ended: Promise<number>;

export const program: Program = {
  async prepare(n) {
    const blocked = countdown(n);
    let cancelled = 0;
    const task = async (): Promise<void> => {
      blocked.arrive();
      try {
        await sleepForever();
      } finally {
        cancelled++;
      }
    };
    ended = run(async () => {
      await taskGroup((opened) => {
        group = opened;
        for (let i = 0; i < n; i++) opened.spawn(task);
      });
      return cancelled;
    });
    await blocked.all;
    await turn();
  },
  run: () => {
    group.cancel();
    return ended;
  },
};
