import { CancelScope } from "@arborio/cancellation";
import { checkpoint, currentTask, sleep, sleepForever } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { equal } from "./assert.ts";
import type { Register } from "./suite.ts";

const WAITS: readonly (readonly [string, () => Promise<unknown>])[] = [
  ["a resolved promise", () => Promise.resolve()],
  ["a checkpoint", () => checkpoint()],
  ["a sleep", () => sleep(1)],
  ["sleep(0)", () => sleep(0)],
  ["a group", () => taskGroup((group) => group.spawn(() => sleep(0)).result())],
];

/** The current scope travels with the async context, where the runtime has one; with `{ signal }` everywhere. */
export function ambientTests({ run }: Register): void {
  for (const [name, wait] of WAITS) {
    run(`ambient scope: two tasks keep theirs over ${name}`, async () => {
      if (await slotIsMissing()) return;
      await taskGroup(async (group) => {
        for (const task of ["one", "two"]) group.spawn(() => expectSame(wait, task), { name: task });
      });
    });
  }

  run("ambient scope: a wait joins a scope by its signal", async () => {
    const scope = new CancelScope();
    await scope.run(async ({ signal }) => {
      await Promise.resolve();
      scope.cancel();
      await sleepForever({ signal });
    });
    equal(scope.cancelledCaught, true, "cancelledCaught");
  });
}

async function expectSame(wait: () => Promise<unknown>, task: string): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await wait();
    equal(currentTask()?.name, task, "the task after the wait");
  }
}

async function slotIsMissing(): Promise<boolean> {
  await Promise.resolve();
  return currentTask() === undefined;
}
