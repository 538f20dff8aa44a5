import type { Fault } from "./fault.ts";

const governor = "packages/sync/src/governor.ts";
const permit = "packages/sync/src/permit.ts";
const near = (...names: readonly string[]): readonly string[] =>
  names.map((name) => `packages/sync/test/${name}.test.ts`);

/** Faults of what tasks synchronise with: permits lost, doubled or out of order, and wake-ups that do not come. */
export const sync: readonly Fault[] = [
  {
    name: "a-permit-that-comes-back-is-handed-to-nobody",
    file: governor,
    find: "    this.out--;\n    this.handOver();",
    replace: "    this.out--;",
    tests: near("lock", "governors"),
  },
  {
    name: "a-writer-that-gives-up-leaves-the-readers-behind-it-waiting",
    file: governor,
    find: "      // There may be room for who stood behind.\n      this.handOver();\n",
    replace: "",
    tests: near("read-write-lock"),
  },
  {
    name: "a-cancelled-waiter-is-given-a-permit",
    file: permit,
    find: "    super.unlink();",
    replace: "    if (this.held !== undefined) super.unlink();",
    tests: near("governors"),
  },
  {
    name: "who-does-not-wait-barges",
    file: governor,
    find: "return this.line.first === undefined && this.room;",
    replace: "return this.room;",
    tests: near("read-write-lock", "rate-limiter"),
  },
  {
    name: "a-permit-comes-back-as-often-as-it-is-released",
    file: permit,
    find: "    this.held = false;\n",
    replace: "",
    tests: near("governors", "semaphore"),
  },
  {
    name: "the-last-in-line-is-served-first",
    file: governor,
    find: "let permit = line.first; permit?.from.room === true; permit = line.first",
    replace: "let permit = line.first?.previous; permit?.from.room === true; permit = line.first?.previous",
    tests: near("governors"),
  },
  {
    name: "permits-are-taken-in-a-cancelled-scope",
    file: governor,
    find: "return this.free && goesOn(options, here)",
    replace: "return this.free && (goesOn(options, here) || cancelledNow(options, here))",
    tests: near("governors"),
  },
  {
    name: "a-permit-at-once-is-never-a-turn",
    file: governor,
    find: "this.free && goesOn(options, here)",
    replace: "this.free && !cancelledNow(options, here)",
    tests: near("turns"),
  },
  {
    name: "fewer-than-no-tokens-left-are-room",
    file: "packages/sync/src/capacity-limiter.ts",
    find: "return this.availableTokens > 0;",
    replace: "return this.availableTokens !== 0;",
    tests: near("capacity-limiter"),
  },
  {
    name: "a-borrower-that-gave-up-may-never-ask-again",
    file: governor,
    find: "      permit.untrack();\n",
    replace: "",
    tests: near("capacity-limiter"),
  },
  {
    name: "a-cancelled-condition-does-not-take-the-lock-again",
    file: "packages/sync/src/condition.ts",
    find: "      shielded: true,\n",
    replace: "",
    tests: near("condition"),
  },
  {
    name: "a-permit-held-through-a-condition-is-dropped-unseen",
    file: "packages/sync/src/condition.ts",
    find: "      held.untrack = trackResource(held, lock.permitName);\n",
    replace: "",
    tests: near("dropped-permits"),
  },
  {
    name: "an-event-wakes-only-the-first",
    file: "packages/sync/src/async-event.ts",
    find: "this.#waiters.wakeAll();",
    replace: "this.#waiters.wake();",
    tests: near("async-event"),
  },
  {
    name: "a-future-is-set-again",
    file: "packages/sync/src/future.ts",
    find: 'if (this.#status !== "pending") {\n      throw new FutureAlreadyFinished',
    replace: 'if (this.#status === "failed") {\n      throw new FutureAlreadyFinished',
    tests: near("future"),
  },
  {
    name: "a-barrier-keeps-the-last-to-come",
    file: "packages/sync/src/barrier.ts",
    find: "for (let index = 0; waiters.wake(index);) index++;",
    replace: "for (let index = 0; index < this.parties - 1 && waiters.wake(index);) index++;",
    tests: near("barrier"),
  },
  {
    name: "a-cancelled-wait-for-a-token-costs-one",
    file: "packages/sync/src/rate-limiter.ts",
    find: "sleepUntil(this.#nextAt, how).then(() => this.#take(how))",
    replace: "[this.#nextAt].map((at) => (this.#take(how), sleepUntil(at, how)))[0]",
    tests: near("rate-limiter"),
  },
  {
    name: "a-token-that-comes-for-the-first-in-line-goes-to-another",
    file: "packages/sync/src/rate-limiter.ts",
    find: "this.#line.free && ",
    replace: "",
    tests: near("rate-limiter"),
  },
  {
    name: "a-writer-writes-beside-readers",
    file: "packages/sync/src/read-write-lock.ts",
    find: "read.out + write.out === 0",
    replace: "write.out === 0",
    tests: near("read-write-lock"),
  },
];
