import {
  checkpoint,
  currentTime,
  isCancelled,
  isError,
  sleep,
  sleepForever,
  type Cancelled,
} from "@arborio/core";
import { CancelScope, moveOnAfter, shield } from "@arborio/cancellation";
import { openTaskGroup, taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { after, failing, groupErrorOf, slow, stubborn } from "./policies.ts";

timed("T14: leaving the block cancels what is left, and waits for it", async () => {
  const log: string[] = [];
  {
    await using group = openTaskGroup();
    group.spawn(slow(log));
    await sleep(10);
  }
  expect([log, currentTime()]).toEqual([["cleaned"], 15]);
});

everywhere("C10: what it cancels sees source exit", async () => {
  let seen: unknown;
  {
    await using group = openTaskGroup();
    group.spawn(async () => {
      seen = await errorOf(sleepForever());
      throw seen;
    });
  }
  expect((seen as Cancelled).source).toBe("exit");
});

timed("T14: join waits for all, and then disposal does nothing", async () => {
  {
    await using group = openTaskGroup();
    const task = group.spawn(after(10, "value"));
    await group.join();
    expect([await task.result(), currentTime()]).toEqual(["value", 10]);
    expect(
      isError(
        thrownBy(() => group.spawn(checkpoint)),
        "GroupClosedError",
      ),
    ).toBe(true);
    await group.join();
  }
  expect(currentTime()).toBe(10);
});

everywhere("T4: after its disposal, too, spawn and start are GroupClosedError", async () => {
  const group = openTaskGroup();
  await group[Symbol.asyncDispose]();
  await group[Symbol.asyncDispose]();
  expect(
    isError(
      thrownBy(() => group.spawn(checkpoint)),
      "GroupClosedError",
    ),
  ).toBe(true);
  expect(
    isError(
      thrownBy(() => void group.start(checkpoint)),
      "GroupClosedError",
    ),
  ).toBe(true);
});

timed("T14: join throws what taskGroup would, and disposal does not throw it again", async () => {
  const [failure, cleanup] = [new Error("no"), new Error("clean-up")];
  let seen: unknown;
  {
    await using group = openTaskGroup({ name: "workers" });
    group.spawn(failing(5, failure));
    group.spawn(stubborn(cleanup));
    seen = await groupErrorOf(group.join());
  }
  expect((seen as AggregateError).errors).toEqual([failure, cleanup]);
  expect((seen as Error).message).toContain("workers");
});

timed("T14: disposal throws what nobody was told", async () => {
  const failure = new Error("no");
  const error = await groupErrorOf(
    (async () => {
      await using group = openTaskGroup();
      group.spawn(failing(5, failure));
      await sleep(10);
    })(),
  );
  expect(error.errors).toEqual([failure]);
});

timed("T14: the block is not inside its scope; a wait with { signal: group.signal } is", async () => {
  const failure = new Error("no");
  const log: string[] = [];
  const error = await errorOf(
    (async () => {
      await using group = openTaskGroup();
      group.spawn(failing(5, failure));
      await sleep(10);
      log.push("not cut");
      await sleep(10, { signal: group.signal });
      log.push("not reached");
    })(),
  );
  expect(log).toEqual(["not cut"]);
  expect(error).toMatchObject({ name: "SuppressedError", error: { errors: [failure] } });
  expect(isCancelled(error)).toBe(true);
});

timed("tasks may spawn while it is joined", async () => {
  const log: string[] = [];
  await using group = openTaskGroup();
  group.spawn(() => sleep(5).then(() => group.spawn(() => sleep(5).then(() => log.push("late")))));
  await group.join();
  expect([log, currentTime()]).toEqual([["late"], 10]);
});

timed("a cancelled join leaves the group open, and its tasks alone", async () => {
  const log: string[] = [];
  await using group = openTaskGroup();
  group.spawn(() => sleep(10).then(() => log.push("first")));
  await moveOnAfter(5, () => group.join());
  expect([log, currentTime()]).toEqual([[], 5]);
  await sleep(10);
  group.spawn(() => sleep(10).then(() => log.push("second")));
  await group.join();
  expect([log, currentTime()]).toEqual([["first", "second"], 25]);
});

timed("a cancellation that reaches the group as well: join waits for the tasks, and it goes on", async () => {
  const log: string[] = [];
  const scope = new CancelScope({ timeout: 5 });
  await scope.run(async () => {
    await using group = openTaskGroup();
    group.spawn(slow(log));
    await group.join().finally(() => log.push("joined"));
  });
  expect([log, scope.cancelledCaught, currentTime()]).toEqual([["cleaned", "joined"], true, 10]);
});

timed("so do the errors of its tasks, with the Cancelled (T2)", async () => {
  const cleanup = new Error("clean-up");
  const scope = new CancelScope({ timeout: 5 });
  const error = await groupErrorOf(
    scope.run(async () => {
      await using group = openTaskGroup();
      group.spawn(stubborn(cleanup));
      group.spawn(sleepForever);
      await group.join();
    }),
  );
  expect(error.errors).toEqual([cleanup]);
});

timed("left by an error of the block: the tasks are cancelled, and it comes out", async () => {
  const failure = new Error("block");
  const log: string[] = [];
  const error = await errorOf(
    (async () => {
      await using group = openTaskGroup();
      group.spawn(slow(log));
      await sleep(1);
      throw failure;
    })(),
  );
  expect([error, log]).toEqual([failure, ["cleaned"]]);
});

timed("left by a cancellation: the tasks are waited for under it", async () => {
  const log: string[] = [];
  await moveOnAfter(5, async () => {
    await using group = openTaskGroup();
    group.spawn(slow(log));
    await sleepForever();
  });
  expect([log, currentTime()]).toEqual([["cleaned"], 10]);
});

timed("group.cancel() cuts the tasks; join then returns", async () => {
  const log: string[] = [];
  await using group = openTaskGroup();
  group.spawn(slow(log));
  await sleep(1);
  group.cancel("enough");
  await group.join();
  expect([log, group.scope.cancelledCaught]).toEqual([["cleaned"], true]);
});

timed("several may join, also from tasks outside; all are told", async () => {
  const failure = new Error("no");
  await taskGroup(async (outer) => {
    const group = openTaskGroup();
    group.spawn(failing(5, failure));
    const told = [1, 2].map(() => outer.spawn(() => groupErrorOf(group.join())));
    for (const task of told) expect((await task.result()).errors).toEqual([failure]);
    await group[Symbol.asyncDispose]();
  });
});

timed("daemons and onError work as in taskGroup", async () => {
  const seen: unknown[] = [];
  const log: string[] = [];
  {
    await using group = openTaskGroup({ onError: (error) => void seen.push(error) });
    group.spawn(slow(log), { daemon: true });
    group.spawn(failing(5, "no"));
    group.spawn(() => sleep(10));
    await group.join();
  }
  expect([seen, log, currentTime()]).toEqual([["no"], ["cleaned"], 15]);
});

timed("start works in it", async () => {
  await using group = openTaskGroup();
  const port = await group.start<number>(async (task) => {
    task.started(8080);
    await sleepForever();
  });
  expect(port).toBe(8080);
});

timed("C17: the reason of a foreign signal comes out of join", async () => {
  const controller = new AbortController();
  const group = openTaskGroup({ signal: controller.signal });
  group.spawn(sleepForever);
  await sleep(1);
  controller.abort("enough");
  expect(await errorOf(group.join())).toBe("enough");
  await group[Symbol.asyncDispose]();
});

timed("F2: a join of a task that never ends is a deadlock that names it", async () => {
  const { simulate } = await import("@arborio/testing");
  const error = await errorOf(
    simulate(async () => {
      await using group = openTaskGroup({ name: "stuck" });
      group.spawn(() => shield(sleepForever).catch(() => {}), { name: "sleeper" });
      await group.join();
    }),
  );
  expect(String(error)).toMatch(/waits for the tasks of task group 'stuck' to end/);
});
