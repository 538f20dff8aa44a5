import { sleep } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import type { Program } from "../../program.ts";

export const program: Program = {
  run: (n) =>
    run(async () => {
      let woken = 0;
      await taskGroup((group) => {
        for (let i = 0; i < n; i++) {
          group.spawn(async () => {
            await sleep(1 + (i % 10));
            woken++;
          });
        }
      });
      return woken;
    }),
};
