import { checkpoint } from "@arborio/core";
import { Semaphore, type Governor } from "@arborio/sync";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import type { Program } from "../../program.ts";
import { CONTENDERS, PERMITS } from "../sizes.ts";

/** Each holds a permit over one checkpoint, then queues again. */
export function contending(make: () => Governor): Program {
  return {
    run: (n) =>
      run(async () => {
        const governor = make();
        let asked = 0;
        let had = 0;
        const contender = async (): Promise<void> => {
          while (asked < n) {
            asked++;
            const permit = await governor.acquire();
            try {
              await checkpoint();
              had++;
            } finally {
              permit.release();
            }
          }
        };
        await taskGroup((group) => {
          for (let i = 0; i < CONTENDERS; i++) group.spawn(contender);
        });
        return had;
      }),
  };
}

export const program: Program = contending(() => new Semaphore(PERMITS));
