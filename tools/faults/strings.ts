import type { Fault } from "./fault.ts";

const argument = "packages/core/src/errors/argument.ts";
const decoder = "packages/streams/src/text/decoder.ts";

/** Faults of what comes from outside: texts in messages, bytes and signals of other realms, bytes that are no text. */
export const strings: readonly Fault[] = [
  {
    name: "a-message-is-of-many-lines",
    file: "packages/core/src/errors/one-line.ts",
    find: ".replace(UNSAFE, escaped)",
    replace: "",
    tests: ["packages/core/test/one-line.test.ts"],
  },
  {
    name: "a-message-is-as-long-as-what-it-tells-of",
    file: "packages/core/src/errors/base.ts",
    find: "args[at] = oneLine(`${message}`)",
    replace: "args[at] = oneLine(`${message}`, Infinity)",
    tests: ["packages/core/test/one-line.test.ts"],
  },
  {
    name: "bytes-are-known-by-their-constructor",
    file: argument,
    find: 'Reflect.get(Uint8Array.prototype, Symbol.toStringTag, value) === "Uint8Array"',
    replace: "value instanceof Uint8Array",
    tests: ["packages/core/test/realms.test.ts"],
  },
  {
    name: "a-host-is-given-shared-bytes-as-they-are",
    file: argument,
    find: '"grow" in buffer || ',
    replace: "",
    tests: ["packages/core/test/realms.test.ts"],
  },
  {
    name: "transferred-bytes-are-taken-for-none",
    file: argument,
    find: "bytes.length === 0 && isGone(bytes)",
    replace: "bytes.length < 0 && isGone(bytes)",
    tests: ["packages/core/test/realms.test.ts"],
  },
  {
    name: "a-signal-that-cannot-be-left-is-taken",
    file: argument,
    find: '      signal.removeEventListener("abort", ignore);\n',
    replace: "",
    tests: ["packages/core/test/signal-look-alikes.test.ts"],
  },
  {
    name: "a-host-of-any-length-is-matched",
    file: "packages/net/src/host-name.ts",
    find: "host.length > LONGEST || FORBIDDEN.test(host)",
    replace: "FORBIDDEN.test(host)",
    tests: ["packages/net/test/host-name.test.ts"],
  },
  {
    name: "a-character-half-come-is-forgotten-at-a-failure",
    file: decoder,
    find: "const LONGEST_CHARACTER = 4;",
    replace: "const LONGEST_CHARACTER = 2;",
    tests: ["packages/streams/test/text-streams.test.ts"],
  },
  {
    name: "the-text-before-a-bad-byte-is-lost",
    file: decoder,
    find: "text: text + beginning(this.#second, piece)",
    replace: "text",
    tests: ["packages/streams/test/text-streams.test.ts"],
  },
];
