import type { Fault } from "./fault.ts";

const absorb = "packages/core/src/scope/absorb.ts";
const node = "packages/core/src/scope/node.ts";
const strays = "packages/task-group/test/strays.test.ts";
const causes = "packages/task-group/test/stray-causes.test.ts";
const policies = "packages/task-group/test/strays-in-policies.test.ts";
const serving = "packages/net/test/serve-strays.test.ts";

/** Faults of what becomes of a Cancelled that came from a scope elsewhere (T18). */
export const strayFaults: readonly Fault[] = [
  {
    name: "a-stray-is-judged-by-the-state-at-the-exit",
    file: absorb,
    find: "if (node?.reached !== false) return error;",
    replace: "if (node === undefined || node.effective !== undefined) return error;",
    tests: [causes],
  },
  {
    name: "a-stray-beside-real-errors-becomes-a-leaf",
    file: absorb,
    find: "if (cancelled === undefined || rest !== undefined) return rest;",
    replace:
      "if (cancelled === undefined) return rest;\n" +
      "  if (rest !== undefined) return new AggregateError([rest, new TaskCancelled()]);",
    tests: [causes],
  },
  {
    name: "a-stray-beside-real-errors-stays",
    file: absorb,
    find: "if (cancelled === undefined || rest !== undefined) return rest;",
    replace: "if (cancelled === undefined || rest !== undefined) return error;",
    tests: [causes],
  },
  {
    name: "a-stray-in-a-task-is-silent",
    file: "packages/core/src/task/task.ts",
    find: "absorb(this, strayed(this, error))",
    replace: "absorb(this, error)",
    tests: [strays],
  },
  {
    name: "a-stray-in-a-body-is-silent",
    file: "packages/task-group/src/group.ts",
    find: "const error = strayed(this, thrown);",
    replace: "const error = thrown;",
    tests: [strays],
  },
  {
    name: "a-stray-in-a-handler-goes-past-on-error",
    file: "packages/net/src/accept-loop.ts",
    find: "strayed(currentScope() ?? scopeOfSignal(task.signal), error)",
    replace: "error",
    tests: [serving],
  },
  {
    name: "a-handler's-scope-is-known-by-the-slot-alone",
    file: "packages/net/src/accept-loop.ts",
    find: "strayed(currentScope() ?? scopeOfSignal(task.signal), error)",
    replace: "strayed(currentScope(), error)",
    tests: ["packages/net/test/serve-without-slot.test.ts"],
  },
  {
    name: "a-scope-entered-under-a-cancelled-one-was-never-reached",
    file: node,
    find: "  node.reached = true;\n",
    replace: "",
    tests: [causes],
  },
  {
    name: "a-scope-that-is-cancelled-later-was-never-reached",
    file: node,
    find: "    node.reached ||= isCut;\n",
    replace: "",
    tests: [causes],
  },
  {
    name: "a-stray-names-nobody-behind-an-abort-error",
    file: absorb,
    find: "cancelledIn(leaves(cancelled)[0])?.of",
    replace: "(leaves(cancelled)[0] as { of?: string }).of",
    tests: [causes],
  },
  {
    name: "an-error-that-throws-when-looked-at-hangs-its-group",
    file: "packages/core/src/errors/base.ts",
    find: "    return undefined;\n  }\n}",
    replace: '    throw new Error("looked at");\n  }\n}',
    tests: ["packages/task-group/test/hostile-errors.test.ts"],
  },
  {
    name: "retry-takes-a-stray-for-its-own-cancellation",
    file: "packages/task-group/src/retry.ts",
    find: "isCancelled(error) && here?.reached !== false",
    replace: "isCancelled(error)",
    tests: [policies],
  },
  {
    name: "retry-takes-a-hidden-cancellation-for-a-stray",
    file: "packages/task-group/src/retry.ts",
    find: "isCancelled(error) && here?.reached !== false",
    replace: "isCancelled(error) && cancelledNow(within)",
    tests: [policies],
  },
];
