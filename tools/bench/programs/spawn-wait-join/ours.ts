import { checkpoint } from "@arborio/core";
import { suspend, WaitQueue } from "@arborio/core/lowlevel";
import { taskGroup } from "@arborio/task-group";
import { run } from "arborio";
import type { Program } from "../../program.ts";

/** An event that is set once: what an author of primitives makes of `suspend` and `WaitQueue`. */
class SetOnce {
  private readonly waiters = new WaitQueue<void>();
  private isSet = false;

  set(): void {
    this.isSet = true;
    this.waiters.wakeAll();
  }

  wait(): Promise<void> {
    return this.isSet ? checkpoint() : suspend<void>((waiter) => this.waiters.add(waiter));
  }
}

export const program: Program = {
  run: (n) =>
    run(async () => {
      const event = new SetOnce();
      let arrived = 0;
      let woken = 0;
      const task = async (): Promise<void> => {
        if (++arrived === n) event.set();
        await event.wait();
        woken++;
      };
      await taskGroup((group) => {
        for (let i = 0; i < n; i++) group.spawn(task);
      });
      return woken;
    }),
};
