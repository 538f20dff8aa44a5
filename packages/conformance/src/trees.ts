import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { checkpoint, currentTime, sleep, sleepForever } from "@arborio/core";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, rejection } from "./assert.ts";
import type { Register } from "./suite.ts";

/** Scopes and groups, on the backend's time and turns. */
export function treeTests({ run }: Register): void {
  run("C4: a cancelled scope wakes a task that sleeps", async () => {
    const scope = new CancelScope();
    const waiting = scope.run(() => sleepForever());
    scope.cancel();
    await waiting;
    equal(scope.cancelledCaught, true, "cancelledCaught");
  });

  run("C11: a deadline ends a wait, and not early", async () => {
    const began = currentTime();
    const value = await moveOnAfter(5, () => sleep(5_000).then(() => "slept"));
    equal(value, undefined, "the value");
    ok(currentTime() - began >= 5, "the time had passed");
  });

  run("C2: in a cancelled scope every wait throws, again and again", async () => {
    const scope = new CancelScope();
    await scope.run(async () => {
      scope.cancel();
      await fails(sleep(1), "Cancelled", "the first");
      await fails(checkpoint(), "Cancelled", "the second");
      await fails(sleepForever(), "Cancelled", "the third");
    });
  });

  run("T1: a group ends when its tasks have ended", async () => {
    const ended: string[] = [];
    await taskGroup(async (group) => {
      for (const name of ["a", "b"]) group.spawn(() => sleep(1).then(() => ended.push(name)));
    });
    equal(ended.sort(), ["a", "b"], "who had ended");
  });

  run("T2: the first failure cancels the others, and comes out in a group", async () => {
    const failure = new Error("it failed");
    const error = await rejection(
      taskGroup(async (group) => {
        group.spawn(() => sleepForever());
        group.spawn(() => Promise.reject(failure));
      }),
      "the group",
    );
    ok(
      error instanceof AggregateError && error.errors.length === 1 && error.errors[0] === failure,
      "the group holds the failure alone",
    );
  });
}
