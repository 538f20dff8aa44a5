import type { Fault } from "./fault.ts";

const eyeballs = "packages/net/src/happy-eyeballs.ts";
const near = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `packages/net/test/${name}.test.ts`);

/** Faults of connecting: connections left open, attempts out of order, lookups without bound. */
export const net: readonly Fault[] = [
  {
    name: "a-connection-beside-the-first-is-left-open",
    file: eyeballs,
    find: "for (const one of opened) if (one !== first) release(one);",
    replace: "",
    tests: near("happy-eyeballs"),
  },
  {
    name: "a-connection-made-in-vain-is-left-open",
    file: eyeballs,
    find: "      opened.forEach(release);\n",
    replace: "",
    tests: near("happy-eyeballs"),
  },
  {
    name: "a-connection-that-comes-too-late-is-left-open",
    file: "packages/net/src/connect-tcp.ts",
    find: "discard: (late) => void late.close(),",
    replace: "",
    tests: near("happy-eyeballs"),
  },
  {
    name: "a-refusal-beside-the-first-connection-fails-the-whole",
    file: eyeballs,
    find: 'if (isError(error, "OSError") && cancelledNow(task)) return park(task);',
    replace: "",
    tests: near("happy-eyeballs"),
  },
  {
    name: "families-do-not-take-turns",
    file: eyeballs,
    find: "[address, ...others.slice(i, i + 1)]",
    replace: "i === 0 ? [address, ...others] : [address]",
    tests: near("happy-eyeballs"),
  },
  {
    name: "the-code-is-of-a-family-without-a-way",
    file: eyeballs,
    find: "(refusals.find(({ code }) => !NO_WAY.has(code)) ?? first).code",
    replace: "first.code",
    tests: near("happy-eyeballs"),
  },
  {
    name: "a-lookup-that-is-not-begun-keeps-its-place",
    file: "packages/net/src/lookups.ts",
    find: "    if (!begun) permit.release();\n",
    replace: "",
    tests: near("names"),
  },
  {
    name: "an-abandoned-lookup-gives-its-place-back-at-once",
    file: "packages/net/src/lookups.ts",
    find: "return await perform(looking, { signal, waitingFor });",
    replace: "return await perform(looking, { signal, waitingFor }).finally(() => permit.release());",
    tests: near("names"),
  },
  {
    name: "a-resolver-is-asked-in-a-cancelled-scope",
    file: "packages/net/src/resolver.ts",
    find: "  if (cancelledNow(options)) return park(options);\n",
    replace: "",
    tests: near("names"),
  },
  {
    name: "a-name-is-cut-where-a-url-ends-its-host",
    file: "packages/net/src/host-name.ts",
    find: "FORBIDDEN.test(host) ? undefined : parsed(host)",
    replace: "parsed(host)",
    tests: near("host-name"),
  },
  {
    name: "an-option-is-set-on-a-closed-socket",
    file: "packages/net/src/tcp-stream.ts",
    find: "if (!this.isClosed) return;",
    replace: "return;",
    tests: near("tcp-stream"),
  },
];
