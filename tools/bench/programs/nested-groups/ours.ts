import { checkpoint } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import type { Program } from "../../program.ts";

export const program: Program = {
  run: (n) =>
    run(async () => {
      let ended = 0;
      const task = async (): Promise<void> => {
        await checkpoint();
        ended++;
      };
      const group = (): Promise<void> =>
        taskGroup((inner) => {
          for (let i = 0; i < 10; i++) inner.spawn(task);
        });
      await taskGroup((outer) => {
        for (let i = 0; i < n; i++) outer.spawn(group);
      });
      return ended / 10;
    }),
};
