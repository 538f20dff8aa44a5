import { Semaphore, type Governor } from "@arborio/sync";
import { run } from "arborio";
import type { Program } from "../../program.ts";
import { PERMITS } from "../sizes.ts";

/** Takes a permit and gives it back. */
export function taking(make: () => Governor): Program {
  return {
    run: (n) =>
      run(async () => {
        const governor = make();
        let taken = 0;
        while (taken < n) {
          const permit = await governor.acquire();
          taken++;
          permit.release();
        }
        return taken;
      }),
  };
}

export const program: Program = taking(() => new Semaphore(PERMITS));
