import { moveOnAfter } from "@arborio/cancellation";
import { checkpoint } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import type { Program } from "../../program.ts";

export const program: Program = {
  run: (n) =>
    run(async () => {
      let passed = 0;
      const task = async (): Promise<void> => {
        for (; passed < n; passed++) await checkpoint();
      };
      await taskGroup((group) => {
        group.spawn(() => moveOnAfter(60_000, task));
      });
      return passed;
    }),
};
