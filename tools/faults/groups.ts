import type { Fault } from "./fault.ts";

const group = "packages/task-group/src/group.ts";
const policy = "packages/task-group/src/policy.ts";

/** Faults of task groups and of the policies on them. */
export const groups: readonly Fault[] = [
  {
    name: "one-error-is-counted-twice",
    file: group,
    find: "if (!counts || !this.#counted.has(error)) this.#errors.push(error);",
    replace: "this.#errors.push(error);",
    tests: ["packages/task-group/test/failures.test.ts"],
  },
  {
    name: "a-failure-spares-the-siblings",
    file: group,
    find: '    cancelScope(this, "sibling", error, by);\n',
    replace: "",
    tests: ["packages/task-group/test/failures.test.ts"],
  },
  {
    name: "the-join-does-not-wait-for-daemons",
    file: group,
    find: "if (this.#open === 0) this.allEnded();\n  }\n\n  /** Body",
    replace: "if (this.#busy === 0) this.allEnded();\n  }\n\n  /** Body",
    tests: ["packages/task-group/test/daemon.test.ts"],
  },
  {
    name: "a-daemon-that-comes-last-is-not-ended",
    file: group,
    find: "    if (record.daemon) this.#done();\n",
    replace: "",
    tests: ["packages/task-group/test/daemon.test.ts"],
  },
  {
    name: "start-hands-over-though-the-caller-is-cancelled",
    file: group,
    find: "record.parent?.effective !== undefined || cutBySignal(record)",
    replace: "cutBySignal(record)",
    tests: ["packages/task-group/test/start-cancelled.test.ts"],
  },
  {
    name: "a-started-task-stays-tied-to-the-signal-of-the-call",
    file: group,
    find: "    untie(record);\n    record.tied = undefined;\n",
    replace: "",
    tests: ["packages/task-group/test/start-cancelled.test.ts", "packages/task-group/test/start.test.ts"],
  },
  {
    name: "a-cancelled-group-has-always-caught",
    file: group,
    find: "if (cancelled !== undefined) this.caught = true;",
    replace: "this.caught = true;",
    tests: ["packages/task-group/test/cancelled-groups.test.ts"],
  },
  {
    name: "siblings-are-cancelled-before-a-task's-end-is-told",
    file: "packages/task-group/src/task-handle.ts",
    find: "    this.#waiters?.forEach((waiter) => waiter.resume());\n    this.group.ended(this);",
    replace: "    this.group.ended(this);\n    this.#waiters?.forEach((waiter) => waiter.resume());",
    tests: ["packages/task-group/test/task-handle.test.ts"],
  },
  {
    name: "a-clean-up-error-of-a-loser-is-tolerated",
    file: policy,
    find: "tolerant === true && this.effective === undefined && ",
    replace: "tolerant === true && ",
    tests: ["packages/task-group/test/any.test.ts", "packages/task-group/test/staggered.test.ts"],
  },
  {
    name: "the-last-winner-wins",
    file: policy,
    find: 'if (!this.#decided && task.end === "value"',
    replace: 'if (task.end === "value"',
    tests: ["packages/task-group/test/race.test.ts", "packages/task-group/test/any.test.ts"],
  },
  {
    name: "room-is-given-twice",
    file: "packages/task-group/src/room.ts",
    find: "if (!this.#waiters.wake()) this.#free++;",
    replace: "this.#waiters.wake();\n    this.#free++;",
    tests: ["packages/task-group/test/map.test.ts", "packages/task-group/test/bounded-spawn.test.ts"],
  },
  {
    name: "a-source-is-closed-without-a-shield",
    file: "packages/task-group/src/source.ts",
    find: 'if (this.#state === "idle") await shield(end);',
    replace: 'if (this.#state === "idle") await end();',
    tests: ["packages/task-group/test/map.test.ts"],
  },
  {
    name: "a-timeout-forgets-an-earlier-deadline",
    file: "packages/core/src/scope/run-in.ts",
    find: "if (now + timeout < node.deadline) node.due",
    replace: "node.due",
    tests: ["packages/cancellation/test/deadlines.test.ts"],
  },
  {
    name: "fail-after-takes-any-cancellation-for-a-timeout",
    file: "packages/cancellation/src/timeouts.ts",
    find: '    if (cancelled?.source !== "deadline") return undefined;\n',
    replace: "",
    tests: ["packages/cancellation/test/timeouts.test.ts"],
  },
  {
    name: "the-effective-deadline-ignores-an-outer-cancellation",
    file: "packages/cancellation/src/ambient.ts",
    find: "(scope.cancelled ?? visibleCancellation(scope)) === undefined",
    replace: "scope.cancelled === undefined",
    tests: ["packages/cancellation/test/effective-deadline.test.ts"],
  },
];
