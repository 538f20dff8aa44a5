import { checkpoint } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import type { Program } from "../../program.ts";

export const program: Program = {
  run: (n) =>
    run(async () => {
      let opened = 0;
      const descend = async (): Promise<void> => {
        if (opened === n) return checkpoint();
        opened++;
        await taskGroup((group) => void group.spawn(descend));
      };
      await descend();
      return opened;
    }),
};
