import type { Program } from "../../program.ts";
import { block } from "./native.ts";

let controllers: AbortController[];
let ended: () => Promise<number>;

/** An AbortController a task. */
export const program: Program = {
  async prepare(n) {
    controllers = [];
    ended = await block(n, () => {
      const controller = new AbortController();
      controllers.push(controller);
      return controller.signal;
    });
  },
  run: () => {
    for (const controller of controllers) controller.abort();
    return ended();
  },
};
