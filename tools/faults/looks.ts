import type { Fault } from "./fault.ts";

const attempt = "packages/testing/src/deadline-at-every-look.ts";
const clock = "packages/testing/src/looked-at-clock.ts";
const itself = ["packages/testing/test/deadline-at-every-look.test.ts"];

/** Faults of what begins between two looks at the clock, and of the tool that has the deadline pass there. */
export const looks: readonly Fault[] = [
  {
    name: "a-send-that-has-begun-is-nobodys-if-the-deadline-passes",
    file: "packages/net/src/socket-stream.ts",
    find: "    this.sending.adopt(begun);\n",
    replace: "",
    tests: ["packages/net/test/every-look.test.ts"],
  },
  {
    name: "an-adopted-operation-that-fails-for-nobody-is-unhandled",
    file: "packages/streams/src/kept-operation.ts",
    find: "this.#running = begun.then(this.#succeeded, this.#failed);",
    replace: "this.#running = begun.then(this.#succeeded);",
    tests: ["packages/streams/test/kept-operation.test.ts"],
  },
  {
    name: "the-deadline-passes-in-a-look-and-not-after-it",
    file: attempt,
    find: "this.scope.deadline = time + A_HAIR;",
    replace: "this.scope.deadline = time;",
    tests: itself,
  },
  {
    name: "time-goes-on-while-the-deadline-is-moved",
    file: clock,
    find: "    if (this.#still !== undefined) return this.#still;\n",
    replace: "",
    tests: itself,
  },
  {
    name: "every-other-look-is-passed-over",
    file: attempt,
    find: "(look) => new LookAttempt(look)",
    replace: "(look) => new LookAttempt(look * 2)",
    tests: itself,
  },
  {
    name: "the-tool-takes-the-alarm-of-the-clock-for-itself",
    file: clock,
    find: "deadlines.add(this.#due);",
    replace: "this.#below.clock.arm?.(this.#due.at, () => this.#ring());",
    tests: itself,
  },
];
