import type { Fault } from "./fault.ts";

const channel = "packages/iteration/src/generator-channel.ts";
const tests: readonly string[] = ["packages/iteration/test/safe-channel.test.ts"];

/** Faults of safe channels: steps nobody asked for, items lost, and generators that are not ended. */
export const iteration: readonly Fault[] = [
  {
    name: "a-generator-is-asked-before-anyone-waits",
    file: channel,
    find: '    while (this.#state === "open" && this.#receivers.size === 0)',
    replace: '    while (this.#state === "open" && this.#left !== undefined)',
    tests,
  },
  {
    name: "an-item-whose-receiver-is-gone-is-lost",
    file: channel,
    find: "if (!this.#receivers.wake(value)) this.#left = { item: value };",
    replace: "this.#receivers.wake(value);",
    tests,
  },
  {
    name: "a-generator-cleans-up-without-a-shield",
    file: channel,
    find: "await shield(() => this.#cleanUp(), { signal });",
    replace: "await this.#cleanUp();",
    tests,
  },
  {
    name: "a-step-goes-on-that-nobody-wants",
    file: channel,
    find: "if (!this.#wake()) this.#task?.cancel();",
    replace: "this.#wake();",
    tests,
  },
  {
    name: "who-reads-a-closed-channel-is-not-told",
    file: channel,
    find: "    this.#fail(() => this.#closed());\n",
    replace: "",
    tests,
  },
  {
    name: "who-reads-is-not-told-of-the-end",
    file: channel,
    find: "    this.#fail(() => this.#ended());\n",
    replace: "",
    tests,
  },
  {
    name: "a-lone-error-of-a-safe-channel-comes-in-a-group",
    file: "packages/iteration/src/safe-channel.ts",
    find: "errors?.length === 1 ? errors[0] : error",
    replace: "errors?.length === 0 ? errors[0] : error",
    tests,
  },
];
