import { checkpoint } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import type { Program } from "../../program.ts";

export const program: Program = {
  run: (n) =>
    run(async () => {
      let passed = 0;
      await taskGroup((group) => {
        group.spawn(async () => {
          for (; passed < n; passed++) await checkpoint();
        });
      });
      return passed;
    }),
};
