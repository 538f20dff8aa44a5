import { moveOnAfter } from "@arborio/cancellation";
import { run } from "arborio";
import type { Program } from "../../program.ts";

export const program: Program = {
  run: (n) =>
    run(async () => {
      let left = 0;
      const body = async (): Promise<void> => void left++;
      for (let i = 0; i < n; i++) await moveOnAfter(60_000, body);
      return left;
    }),
};
