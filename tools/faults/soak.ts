import type { Fault } from "./fault.ts";

/** Faults that the soak found, and that a test finds since. */
export const soak: readonly Fault[] = [
  {
    name: "a-memory-stream-takes-bytes-before-its-send-is-armed",
    file: "packages/streams/src/memory/byte-pipe.ts",
    find: "    const arm = (waiter: Waiter<void>): (() => void) => {\n      put(bytes);\n",
    replace: "    put(bytes);\n    const arm = (waiter: Waiter<void>): (() => void) => {\n",
    tests: ["packages/streams/test/memory-byte-streams.test.ts"],
  },
  {
    name: "a-close-that-was-cut-is-told-to-who-closes-again",
    file: "packages/streams/src/bridges/foreign-stream.ts",
    find: "      this.#closing = closing;",
    replace: "      this.#closing ??= closing;",
    tests: ["packages/streams/test/node-streams.test.ts"],
  },
  {
    name: "staggered-fails-if-an-attempt-wins-as-the-pause-ends",
    file: "packages/task-group/src/staggered.ts",
    find: ".catch(unlessWon);",
    replace: ";",
    tests: ["packages/task-group/test/staggered.test.ts"],
  },
  {
    name: "a-connection-whose-end-is-under-way-is-reset",
    file: "packages/backend-node/src/socket.ts",
    find: "if (socket.writableEnded && !socket.writableFinished) socket.destroy();\n    else socket",
    replace: "socket",
    tests: ["packages/backend-node/test/conformance.test.ts"],
  },
];
