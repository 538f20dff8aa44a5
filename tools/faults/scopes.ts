import type { Fault } from "./fault.ts";

const node = "packages/core/src/scope/node.ts";
const absorb = "packages/core/src/scope/absorb.ts";

/** Faults of the tree of scopes: who is cancelled, and who takes the Cancelled. */
export const scopes: readonly Fault[] = [
  {
    name: "absorb-ignores-the-visible-outer-cancellation",
    file: absorb,
    find: "node.cancelled !== undefined && visibleCancellation(node) === undefined",
    replace: "node.cancelled !== undefined",
    tests: ["packages/cancellation/test/absorb.test.ts"],
  },
  {
    name: "absorb-drops-the-rest-of-a-group",
    file: absorb,
    find: "return rest ?? ABSORBED;",
    replace: "return ABSORBED;",
    tests: ["packages/cancellation/test/absorb.test.ts"],
  },
  {
    name: "a-scope-has-caught-what-was-no-cancellation",
    file: absorb,
    find: "  if (cancelled === undefined) return error;\n",
    replace: "",
    tests: ["packages/cancellation/test/absorb.test.ts"],
  },
  {
    name: "a-flip-of-the-shield-does-not-refresh",
    file: node,
    find: 'this.shielding = shield;\n    if (this.state === "active") refresh(this);',
    replace: "this.shielding = shield;",
    tests: ["packages/cancellation/test/shield.test.ts"],
  },
  {
    name: "refresh-stops-at-the-grandchildren",
    file: node,
    find: "if (isScope(member)) changed.push(member);\n      else if (isCut)",
    replace: "if (isScope(member)) node === start && changed.push(member);\n      else if (isCut)",
    tests: ["packages/core/test/scope-tree.test.ts"],
  },
  {
    name: "listeners-run-before-all-flags-are-in-place",
    file: node,
    find: "if (isCut && node.controller !== undefined) woken.push(node);",
    replace: "if (isCut) wake(node);",
    tests: ["packages/cancellation/test/reentrancy.test.ts", "packages/cancellation/test/signals.test.ts"],
  },
  {
    name: "due-by-ignores-the-shield",
    file: node,
    find: "const above = shielding ? undefined : parent?.dueBy;",
    replace: "const above = parent?.dueBy;",
    tests: ["packages/cancellation/test/effective-deadline.test.ts"],
  },
  {
    name: "evict-forgets-the-children",
    file: node,
    find: "if (isScope(member)) moveScope(member, heir);\n    else if",
    replace: "if (isScope(member)) member.unlink();\n    else if",
    tests: ["packages/cancellation/test/floating.test.ts"],
  },
  {
    name: "evicted-waits-are-not-woken",
    file: node,
    find: "  for (const member of members) if (!isScope(member)) wake(member);\n",
    replace: "",
    tests: ["packages/cancellation/test/floating.test.ts"],
  },
  {
    name: "a-scope-that-is-left-keeps-its-deadline",
    file: node,
    find: "  unschedule(node);\n  untie(node);",
    replace: "  untie(node);",
    tests: ["packages/core/test/leaks.test.ts", "packages/cancellation/test/deadlines.test.ts"],
  },
  {
    name: "a-scope-that-is-left-still-listens",
    file: node,
    find: "  untie(node);\n  node.unlink();",
    replace: "  node.unlink();",
    tests: ["packages/cancellation/test/signals.test.ts"],
  },
  {
    name: "a-scope-entered-in-a-cancelled-one-is-not-cancelled",
    file: node,
    find: "  node.effective = node.cancelled ?? visibleCancellation(node);\n  node.dueBy",
    replace: "  node.effective = node.cancelled;\n  node.dueBy",
    tests: ["packages/core/test/scope-tree.test.ts"],
  },
  {
    name: "cancellation-cuts-shielded-waits",
    file: node,
    find: "else if (!member.shielded && member.parent",
    replace: "else if (member.parent",
    tests: ["packages/core/test/suspend.test.ts"],
  },
  {
    name: "the-second-cancel-replaces-the-first",
    file: node,
    find: "  if (node.cancelled !== undefined) return;\n",
    replace: "",
    tests: ["packages/cancellation/test/cancel-scope.test.ts"],
  },
  {
    name: "a-deadline-of-now-does-not-cancel",
    file: node,
    find: "if (due.at > now)",
    replace: "if (due.at >= now)",
    tests: ["packages/cancellation/test/deadlines.test.ts"],
  },
  {
    name: "reaches-looks-through-shields",
    file: "packages/core/src/scope/current.ts",
    find: "scope = scope.shielding ? undefined : scope.parent;",
    replace: "scope = scope.parent;",
    tests: ["packages/cancellation/test/signals.test.ts", "packages/core/test/suspend.test.ts"],
  },
  {
    name: "the-abort-of-a-foreign-signal-is-absorbed",
    file: "packages/core/src/scope/run-in.ts",
    find: "  if (cutBySignal(node)) throw reasonOf(node);\n",
    replace: "",
    tests: ["packages/cancellation/test/signals.test.ts"],
  },
  {
    name: "a-context-is-entered-that-cannot-be",
    file: "packages/core/src/task/context.ts",
    find: "    ambient.enterWith = undefined;\n",
    replace: "",
    tests: ["packages/core/test/slot.test.ts"],
  },
];
