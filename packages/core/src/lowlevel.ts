/**
 * For authors of primitives: the one way to suspend, queues of waiters, and the scope machine.
 *
 * ```ts
 * import { suspend, WaitQueue } from "@arborio/core/lowlevel";
 *
 * const waiters = new WaitQueue<string>();
 * const wait = (): Promise<string> => suspend((waiter) => waiters.add(waiter), { waitingFor: "a greeting" });
 *
 * const greeting = wait();
 * waiters.wakeAll("hello");
 * console.log(await greeting); // hello
 * ```
 *
 * @module
 */
export { ABSORBED, absorbs, strayed } from "./scope/absorb.ts";
export { isCancelledLeaf, onlyCancelled } from "./errors/is.ts";
export { copyOrigin, markLayer, markOrigin } from "./errors/origin.ts";
export { tellContained } from "./debug/tell-contained.ts";
export { trackResource } from "./debug/track-resource.ts";
export { capability } from "./run/capability.ts";
export {
  checkBytes,
  checkHostBytes,
  checkFunction,
  checkSignal,
  checkTime,
  isBytes,
  lendingArguments,
  show,
  wrongType,
} from "./errors/argument.ts";
export { textOf } from "./errors/cancelled.ts";
export { currentRuntime, currentScope, scopeOfSignal, tieTo } from "./scope/current.ts";
export { cancelScope, leaveScope, moveScope, ScopeNode, visibleCancellation } from "./scope/node.ts";
export { callIn, cutBySignal, openScope, runIn, unlessSignalled } from "./scope/run-in.ts";
export { reasonOf, untie } from "./scope/signals.ts";
export { scopesIn } from "./scope/members.ts";
export { after, itemsOf, Linked, type Holder } from "./list.ts";
export { runUnder, setAmbientSlot, type AsyncStorage } from "./slot.ts";
export { infoOf } from "./task/info.ts";
export { Task, taskName } from "./task/task.ts";
export { deadlinesOf, Due, type Timed } from "./time/deadlines.ts";
export { cancelledNow, goesOn, yieldFirst, yieldTurn } from "./wait/checkpoint.ts";
export { begin } from "./wait/begin.ts";
export { awaitPromise, perform, performShielded, type ForeignOptions } from "./wait/foreign.ts";
export { afterWait, handled, settling } from "./wait/handled.ts";
export { resolved } from "./wait/resolved.ts";
export { park, suspend, type SuspendOptions } from "./wait/suspend.ts";
export { type Place, WaitQueue } from "./wait/wait-queue.ts";
export type { Undo, Waiter, WaitRecord } from "./wait/waiter.ts";
