import type { Fault } from "./fault.ts";

const tests = ["packages/net/test/tls-listener.test.ts"] as const;
const bounds = "packages/net/src/tls-bounds.ts";
const listener = "packages/net/src/tls-listener.ts";

/** Faults of TLS servers: what silent clients cost, and whom they keep out. */
export const tls: readonly Fault[] = [
  {
    name: "silent-connections-have-no-bound",
    file: bounds,
    find: "    if (this.#silent.size > most) this.#closeOldest();\n",
    replace: "",
    tests,
  },
  {
    name: "a-connection-that-spoke-counts-as-silent",
    file: bounds,
    find: "      this.#silent.delete(scope);\n",
    replace: "",
    tests,
  },
  {
    name: "connections-are-accepted-while-handshakes-are-at-their-bound",
    file: bounds,
    find: "        (await this.#handshakes.acquire(options)).release();\n",
    replace: "",
    tests,
  },
  {
    name: "a-failed-handshake-keeps-its-place-under-the-limit",
    file: listener,
    find: "      release();\n",
    replace: "",
    tests,
  },
  {
    name: "an-engine-is-made-for-half-a-record",
    file: "packages/net/src/tls-handshake.ts",
    find: "bytes.length >= HEADER + Math.min((high << 8) | low, LONGEST)",
    replace: "true",
    tests,
  },
  {
    name: "a-connection-cancelled-before-its-record-is-left-open",
    file: "packages/net/src/tls-handshake.ts",
    find: '  aborted.addEventListener("abort", close, { once: true });\n',
    replace: "",
    tests,
  },
];
