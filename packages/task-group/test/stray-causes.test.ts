// T18: what counts as the Cancelled of a scope elsewhere, and what does not.
import { checkpoint, leaves, run, sleepForever, type ScopeControl } from "@arborio/core";
import { CancelScope, unscoped } from "@arborio/cancellation";
import { openTaskGroup, taskGroup, type TaskHandle } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, errorsOf } from "../../testing/test/outcome.ts";
import { expectStray, stray } from "./strays.ts";

const throws = (error: unknown) => (): never => {
  throw error;
};

everywhere(
  "T14, T18: beside the error of an open group the Cancelled that it cut the block with is dropped",
  async () => {
    const failure = new Error("boom");
    const errors = await errorsOf(
      taskGroup((around) => {
        around.spawn(async () => {
          await using group = openTaskGroup();
          group.spawn(throws(failure));
          await sleepForever({ signal: group.signal });
        });
      }),
    );
    expect(leaves(errors[0])).toEqual([failure]);
  },
);

everywhere("T18: beside real errors it is dropped, from groups too", async () => {
  const [cause, failure] = [await stray(), new Error("real")];
  const several = new AggregateError([cause, failure], "several");
  const errors = await errorsOf(taskGroup((group) => void group.spawn(throws(several))));
  expect(errors).toMatchObject([{ message: "several", errors: [failure] }]);
  expect(await errorOf(run(throws(several)))).toMatchObject({ message: "several", errors: [failure] });
  const suppressed = Object.assign(new Error(), {
    name: "SuppressedError",
    error: cause,
    suppressed: failure,
  });
  expect(await errorsOf(taskGroup(throws(suppressed)))).toEqual([failure]);
});

everywhere(
  "C19, T18: also as AbortError, SuppressedError or group of nothing else; the cause is what was thrown",
  async () => {
    const [one, two] = [await stray(), await stray()];
    const abort = Object.assign(new DOMException("aborted", "AbortError"), { cause: one });
    const suppressed = Object.assign(new Error(), { name: "SuppressedError", error: one, suppressed: two });
    for (const thrown of [abort, suppressed, new AggregateError([one, two])]) {
      const errors = await errorsOf(
        taskGroup((group) => void group.spawn(throws(thrown), { name: "child" })),
      );
      expectStray(errors[0], "task 'child'", thrown);
    }
  },
);

everywhere(
  "C17, T18: a wait by the signal of a scope elsewhere, and a foreign signal with its Cancelled as reason",
  async () => {
    const foreign = new AbortController();
    const elsewhere = new CancelScope();
    const check = async (): Promise<void> => {
      for (const signal of [elsewhere.signal, foreign.signal]) {
        const waits = [
          () => sleepForever({ signal }),
          () => taskGroup(sleepForever, { signal }),
          () => new CancelScope().run(sleepForever, { signal }),
        ];
        for (const wait of waits) {
          const errors = await errorsOf(taskGroup((group) => void group.spawn(wait, { name: "child" })));
          expectStray(errors[0], "task 'child'", signal.reason);
        }
      }
    };
    const culprit = (): Promise<void> => {
      elsewhere.cancel();
      foreign.abort(elsewhere.signal.reason);
      return unscoped(check);
    };
    await taskGroup((group) => {
      group.spawn(() => elsewhere.run(culprit), { name: "culprit" });
    });
  },
);

everywhere(
  "T6, T18: a task that is tied to a signal is cancelled by it as ever, whatever its reason",
  async () => {
    const foreign = new AbortController();
    await taskGroup(async (group) => {
      const task = group.spawn(sleepForever, { signal: foreign.signal });
      foreign.abort(await stray());
      await task.wait();
      expect(task.status).toBe("cancelled");
    });
  },
);

everywhere("T18: of a scope that the task itself has left", async () => {
  const left = async (): Promise<void> => {
    let wait: Promise<never> | undefined;
    await new CancelScope().run((scope) => {
      wait = sleepForever();
      scope.cancel();
      return wait;
    });
    await wait;
  };
  const errors = await errorsOf(taskGroup((group) => void group.spawn(left, { name: "opens" })));
  expectStray(errors[0], "task 'opens'", (errors[0] as Error).cause, ", of a scope of task 'opens'");
});

everywhere("T18: of a scope that was cancelled before it was entered nobody is named", async () => {
  const early = new CancelScope();
  early.cancel();
  const cause: unknown = early.signal.reason;
  const errors = await errorsOf(taskGroup((group) => void group.spawn(throws(cause), { name: "child" })));
  expectStray(errors[0], "task 'child'", cause, "");
});

everywhere("C12, T18: a shield set in finally makes no error of a Cancelled that is on its way", async () => {
  const scopes: ScopeControl[] = [];
  const hides = (scope: ScopeControl): Promise<never> => {
    scopes.push(scope);
    return sleepForever().finally(() => (scope.shield = true));
  };
  const blocks = [
    (outer: CancelScope) =>
      taskGroup((group) => {
        group.spawn(() => hides(group.scope));
        outer.cancel();
      }),
    (outer: CancelScope) => {
      const inner = new CancelScope();
      return inner.run(() =>
        taskGroup((group) => {
          group.spawn(() => hides(inner));
          outer.cancel();
        }),
      );
    },
    (outer: CancelScope) => {
      const inner = new CancelScope();
      return inner.run(() =>
        taskGroup(() => {
          outer.cancel();
          return hides(inner);
        }),
      );
    },
  ];
  for (const block of blocks) {
    const outer = new CancelScope();
    const errors = leaves(await outer.run(() => block(outer)).catch((error: unknown) => error));
    expect(errors.filter((error) => String(error).includes("did not reach"))).toEqual([]);
  }
  expect(scopes.map(({ shield }) => shield)).toEqual([true, true, true]);
});

everywhere(
  "T18: behind a shield the Cancelled of a scope outside is an error too: it does not reach there",
  async () => {
    const outer = new CancelScope();
    let inside: unknown;
    await outer.run(async () => {
      const wait = sleepForever();
      outer.cancel();
      await new CancelScope({ shield: true }).run(async () => {
        inside = await errorOf(taskGroup((group) => void group.spawn(() => wait, { name: "child" })));
      });
    });
    expectStray(leaves(inside)[0], "task 'child'", outer.signal.reason, ", of a scope of task 'test'");
  },
);

everywhere("T4, T18: what begins in a cancelled scope is cancelled by it, and has not failed", async () => {
  const outer = new CancelScope();
  let task: TaskHandle | undefined;
  await outer.run(() => {
    outer.cancel();
    return taskGroup((group) => {
      task = group.spawn(sleepForever);
      return sleepForever();
    });
  });
  expect([task?.status, outer.cancelledCaught]).toEqual(["cancelled", true]);
});

everywhere("T3, T18: once its own scopes are cancelled a Cancelled is theirs, whosever it is", async () => {
  const cause = await stray();
  const outer = new CancelScope();
  await outer.run(() =>
    taskGroup(async (group) => {
      group.spawn(() => sleepForever().catch(throws(cause)));
      group.spawn(() => sleepForever().catch(throws(cause))).cancel();
      await checkpoint();
      outer.cancel();
      throw cause;
    }),
  );
  expect(outer.cancelledCaught).toBe(true);
});

everywhere("T18: the message is one bounded line, whatever tasks are called", async () => {
  const name = `\u{1b}[2J\r\n\u{2028}${"x".repeat(1_000_000)}`;
  let wait: Promise<never> | undefined;
  await taskGroup((group) => void group.spawn(() => (wait = sleepForever()), { name }).cancel());
  const own = await errorOf(run(() => wait, { name }));
  const { message } = own as Error;
  expect(message.length).toBeLessThan(300);
  expect(message).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
  expect(message).toMatch(/^Cannot finish task '.*of a scope of task '/);
});
