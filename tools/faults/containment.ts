import type { Fault } from "./fault.ts";

const loop = "packages/net/src/accept-loop.ts";
const origin = "packages/core/src/errors/origin.ts";
const near: readonly string[] = ["packages/net/test/serve-containment.test.ts"];
const core: readonly string[] = ["packages/core/test/origin.test.ts"];

/** Faults of what `serve` contains (M8): peers that end a server, and faults of the program that are lost. */
export const containment: readonly Fault[] = [
  {
    name: "an-error-of-the-connection-ends-the-group",
    file: loop,
    find: "  if (own === undefined) throw error;\n",
    replace: "  throw error;\n",
    tests: near,
  },
  {
    name: "what-is-left-of-a-group-is-lost",
    file: loop,
    find: "  if (rest !== undefined) throw rest;\n}",
    replace: "}",
    tests: near,
  },
  {
    name: "what-is-contained-is-told-nobody",
    file: loop,
    find: "  tellContained(own, stream, task);\n",
    replace: "",
    tests: near,
  },
  {
    name: "what-the-closing-meets-ends-the-group",
    file: loop,
    find: "contain(met ? markOrigin(error, stream) : error, stream, task);",
    replace: "contain(error, stream, task);",
    tests: near,
  },
  {
    name: "an-error-with-a-cause-counts-as-its-cause",
    file: origin,
    find: "  const origin = originOf(leaf);\n",
    replace: "  const origin = originOf(leaf) ?? originOf((Object(leaf) as Error).cause);\n",
    tests: core,
  },
  {
    name: "a-group-comes-from-a-stream-if-one-of-its-leaves-does",
    file: origin,
    find: "all.every((leaf)",
    replace: "all.some((leaf)",
    tests: core,
  },
  {
    name: "a-later-mark-takes-the-first-one-s-place",
    file: origin,
    find: "if (isObject(error) && !origins.has(error))",
    replace: "if (isObject(error))",
    tests: core,
  },
  {
    name: "an-end-that-is-made-anew-comes-from-nowhere",
    file: "packages/streams/src/junction.ts",
    find: "copyOrigin(new EndOfStream(error.message), error)",
    replace: "new EndOfStream(error.message)",
    tests: near,
  },
];
