import type { Fault } from "./fault.ts";

const lingering = "packages/net/src/lingering-close.ts";
const near: readonly string[] = ["packages/net/test/lingering-close.test.ts"];
const conformance: readonly string[] = ["packages/backend-node/test/conformance.test.ts"];

/** Faults of what came before a connection broke, and of closing behind an answer. */
export const sockets: readonly Fault[] = [
  {
    name: "a-failed-send-destroys-the-socket-and-what-came",
    file: "packages/backend-node/src/send-failures.ts",
    find: "      done();",
    replace: "      done(error);",
    tests: conformance,
  },
  {
    name: "what-a-read-leaves-stays-where-a-reset-destroys-it",
    file: "packages/backend-node/src/stream-reader.ts",
    find: "this.stream.read() as Buffer | null",
    replace: "this.stream.read(1) as Buffer | null",
    tests: conformance,
  },
  {
    name: "a-reset-destroys-what-tls-has-decrypted",
    file: "packages/backend-node/src/tls-stream.ts",
    find: "    records.established = true;\n",
    replace: "",
    tests: conformance,
  },
  {
    name: "serve-closes-behind-an-answer-at-once",
    file: lingering,
    find: "if (!lingers) return",
    replace: "return",
    tests: near,
  },
  {
    name: "a-silent-peer-is-lingered-for-without-bound",
    file: lingering,
    find: "timeout: Math.min(timeout, idle)",
    replace: "timeout: Infinity",
    tests: near,
  },
  {
    name: "what-is-lingered-for-is-not-counted",
    file: lingering,
    find: "left -= (await",
    replace: "void (await",
    tests: near,
  },
];
