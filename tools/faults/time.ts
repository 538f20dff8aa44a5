import type { Fault } from "./fault.ts";

const deadlines = "packages/core/src/time/deadlines.ts";
const sleep = "packages/core/src/time/sleep.ts";
const runtime = "packages/core/src/run/runtime.ts";

/** Faults of deadlines, sleeps, turns and runs, and of sorting errors. */
export const time: readonly Fault[] = [
  {
    name: "deadlines-of-one-time-ring-in-reverse",
    file: deadlines,
    find: "a.order < b.order",
    replace: "a.order > b.order",
    tests: ["packages/core/test/deadlines.test.ts"],
  },
  {
    name: "a-deadline-of-now-does-not-ring",
    file: deadlines,
    find: "next.at <= now",
    replace: "next.at < now",
    tests: ["packages/core/test/deadlines.test.ts"],
  },
  {
    name: "the-heap-sinks-to-the-left-only",
    file: deadlines,
    find: "heap[below] as Due)) below++;",
    replace: "heap[below] as Due)) below += 0;",
    tests: ["packages/core/test/deadlines.test.ts"],
  },
  {
    name: "the-clock-is-not-armed-again",
    file: deadlines,
    find: "      expire();\n      arm();",
    replace: "      expire();",
    tests: ["packages/core/test/deadlines.test.ts"],
  },
  {
    name: "an-empty-heap-holds-the-process",
    file: deadlines,
    find: "    if (size === 0) clock.hold(false);\n",
    replace: "",
    tests: ["packages/core/test/deadlines.test.ts", "packages/core/test/timer-clock.test.ts"],
  },
  {
    name: "a-sleep-ends-before-a-deadline-of-the-same-time",
    file: sleep,
    find: "waiter as WaitRecord<void>, AFTER_SCOPES)",
    replace: "waiter as WaitRecord<void>)",
    tests: ["packages/core/test/deadlines.test.ts", "packages/cancellation/test/deadlines.test.ts"],
  },
  {
    name: "a-cancelled-sleep-stays-in-the-heap",
    file: sleep,
    find: "return () => deadlines.delete(due);",
    replace: "return () => {};",
    tests: ["packages/core/test/deadlines.test.ts", "packages/core/test/leaks.test.ts"],
  },
  {
    name: "late-wake-ups-are-reordered",
    file: runtime,
    find: "for (const wakeUp of late) wakeUp.deliver();",
    replace: "for (const wakeUp of late.reverse()) wakeUp.deliver();",
    tests: ["packages/core/test/fairness.test.ts"],
  },
  {
    name: "a-task-cancelled-before-its-first-turn-never-runs",
    file: "packages/core/src/task/task.ts",
    find: "    void firstTurn(this).then(() => {\n",
    replace:
      "    void firstTurn(this).then(() => {\n      if (this.effective !== undefined) return this.#fail(this.effective);\n",
    tests: ["packages/core/test/checkpoint.test.ts", "packages/task-group/test/spawn.test.ts"],
  },
  {
    name: "a-run-cut-by-a-signal-hides-the-reason",
    file: "packages/core/src/run/run.ts",
    find: "[reasonOf(this) ?? this.cancelled]",
    replace: "[this.cancelled]",
    tests: ["packages/core/test/run.test.ts"],
  },
  {
    name: "half-a-task-group-error-is-none",
    file: "packages/core/src/errors/groups.ts",
    find: 'brandOf(group) === "TaskGroupError" ? TaskGroupError : AggregateError',
    replace: "AggregateError",
    tests: ["packages/core/test/errors-in-groups.test.ts"],
  },
  {
    name: "some-cancelled-is-only-cancelled",
    file: "packages/core/src/errors/is.ts",
    find: "return cancelled !== undefined && rest === undefined;",
    replace: "return cancelled !== undefined || rest === cancelled;",
    tests: ["packages/core/test/errors-in-groups.test.ts", "packages/task-group/test/failures.test.ts"],
  },
];
