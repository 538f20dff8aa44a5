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
    find: "next.dueAt <= now",
    replace: "next.dueAt < now",
    tests: ["packages/core/test/deadlines.test.ts"],
  },
  {
    name: "the-heap-sinks-to-the-left-only",
    file: deadlines,
    find: "const below = before(heap[left + 1], heap[left]) ? left + 1 : left;",
    replace: "const below = left;",
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
    find: "    if (heap.length === 0) clock.hold(false);\n",
    replace: "",
    tests: ["packages/core/test/deadlines.test.ts", "packages/core/test/timer-clock.test.ts"],
  },
  {
    name: "a-sleep-ends-before-a-deadline-of-the-same-time",
    file: sleep,
    find: "readonly rank: number = AFTER_SCOPES;",
    replace: "readonly rank: number = 0;",
    tests: ["packages/core/test/deadlines.test.ts", "packages/cancellation/test/deadlines.test.ts"],
  },
  {
    name: "a-cancelled-sleep-stays-in-the-heap",
    file: sleep,
    find: "return () => deadlines.delete(sleeper);",
    replace: "return () => {};",
    tests: ["packages/core/test/deadlines.test.ts", "packages/core/test/leaks.test.ts"],
  },
  {
    name: "late-wake-ups-are-reordered",
    file: runtime,
    find: "for (const wakeUp of late) wakeUp.deliver();",
    replace: "for (const wakeUp of late.reverse()) wakeUp.deliver();",
    tests: ["packages/core/test/turns.test.ts"],
  },
  {
    name: "a-task-cancelled-before-its-first-turn-never-runs",
    file: "packages/core/src/task/task.ts",
    find: 'new WaitRecord<void>(runtime, task, true, "its first turn")',
    replace: 'new WaitRecord<void>(runtime, task, false, "its first turn")',
    tests: ["packages/core/test/turns.test.ts", "packages/task-group/test/spawn.test.ts"],
  },
  {
    name: "a-run-cut-by-a-signal-hides-the-reason",
    file: "packages/core/src/run/run.ts",
    find: "this.tied?.reason ?? new TaskCancelled(",
    replace: "new TaskCancelled(",
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
    find: "leaves(error).every(isCancelledLeaf)",
    replace: "leaves(error).some(isCancelledLeaf)",
    tests: ["packages/core/test/errors-in-groups.test.ts", "packages/task-group/test/failures.test.ts"],
  },
];
