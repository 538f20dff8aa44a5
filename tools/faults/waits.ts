import type { Fault } from "./fault.ts";

const waiter = "packages/core/src/wait/waiter.ts";
const suspend = "packages/core/src/wait/suspend.ts";
const foreign = "packages/core/src/wait/foreign.ts";

/** Faults of a single wait: lost, cut or doubled wake-ups. */
export const waits: readonly Fault[] = [
  {
    name: "a-cancelled-waiter-stays-in-its-queue",
    file: waiter,
    find: "    this.place?.unlink();\n",
    replace: "",
    tests: ["packages/core/test/wait-queue.test.ts"],
  },
  {
    name: "resume-after-cancel-wins",
    file: waiter,
    find: 'if (this.#state !== "waiting") return false;',
    replace: 'if (this.#state !== "waiting" && this.#state !== "cancelled") return false;',
    tests: ["packages/core/test/suspend.test.ts"],
  },
  {
    name: "settle-does-not-unlisten",
    file: waiter,
    find: "    untie(this);\n",
    replace: "",
    tests: ["packages/core/test/suspend.test.ts", "packages/cancellation/test/signals.test.ts"],
  },
  {
    name: "a-wait-cancelled-by-what-armed-it-is-not-taken-back",
    file: waiter,
    find: '    if (this.#state === "cancelled") this.#takeBack();\n',
    replace: "",
    tests: ["packages/core/test/suspend.test.ts"],
  },
  {
    name: "suspend-does-not-look-at-the-clock",
    file: suspend,
    find: "cancellation(scope) ?? cancellation(given)",
    replace: "scope?.effective ?? given?.effective",
    tests: ["packages/core/test/deadlines.test.ts", "packages/cancellation/test/deadlines.test.ts"],
  },
  {
    name: "suspend-ignores-the-cancelled-scope-of-a-signal",
    file: suspend,
    find: "cancellation(scope) ?? cancellation(given)",
    replace: "cancellation(scope)",
    tests: ["packages/core/test/suspend.test.ts", "packages/cancellation/test/signals.test.ts"],
  },
  {
    name: "a-checkpoint-does-not-look-after-its-turn",
    file: "packages/core/src/wait/checkpoint.ts",
    find: "runUnder(here, () => look(act, options))",
    replace: "runUnder(here, () => begin(act, undefined))",
    tests: ["packages/core/test/checkpoint.test.ts"],
  },
  {
    name: "queues-are-last-in-first-out",
    file: "packages/core/src/wait/wait-queue.ts",
    find: "const { first } = this;",
    replace: "const first = this.first?.previous;",
    tests: ["packages/core/test/wait-queue.test.ts"],
  },
  {
    name: "removing-one-of-a-ring-leaves-it-there-backwards",
    file: "packages/core/src/list.ts",
    find: "    next.previous = this.previous;\n",
    replace: "",
    tests: ["packages/core/test/wait-queue.test.ts"],
  },
  {
    name: "a-late-value-is-not-discarded",
    file: foreign,
    find: "if (!waiter.resume(value)) discard?.(value);",
    replace: "waiter.resume(value);",
    tests: ["packages/core/test/foreign.test.ts"],
  },
  {
    name: "a-promise-given-in-a-cancelled-scope-is-not-handled",
    file: foreign,
    find: "  if (!armed) promise.then(options.discard, nothing);\n",
    replace: "",
    tests: ["packages/core/test/foreign.test.ts"],
  },
  {
    name: "a-cut-operation-is-not-aborted",
    file: foreign,
    find: "      over();\n      controller.abort();",
    replace: "      over();",
    tests: ["packages/core/test/foreign.test.ts"],
  },
];
