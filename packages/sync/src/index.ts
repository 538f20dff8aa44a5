/**
 * Synchronisation between tasks: all in order of arrival, and safe to cancel.
 *
 * ```ts
 * import { sleep } from "@arborio/core";
 * import { CapacityLimiter } from "@arborio/sync";
 *
 * const limiter = new CapacityLimiter(2);
 * const load = limiter.wrap((url: string) => sleep(5).then(() => url.length));
 *
 * console.log(await Promise.all(["/a", "/bc", "/def"].map(load))); // [ 2, 3, 4 ], two at a time
 * ```
 *
 * @module
 */
export { AsyncEvent, type AsyncEventStatistics } from "./async-event.ts";
export { Barrier, type BarrierStatistics } from "./barrier.ts";
export { CapacityLimiter, type CapacityLimiterStatistics } from "./capacity-limiter.ts";
export { Condition, type ConditionStatistics } from "./condition.ts";
export { Future, type FutureStatistics, type FutureStatus } from "./future.ts";
export type { Governor } from "./governor.ts";
export { Lock, type LockStatistics } from "./lock.ts";
export type { Permit } from "./permit.ts";
export { RateLimiter, type RateLimiterOptions, type RateLimiterStatistics } from "./rate-limiter.ts";
export { ReadWriteLock, type ReadWriteLockStatistics } from "./read-write-lock.ts";
export { ResourceGuard, type ResourceGuardStatistics } from "./resource-guard.ts";
export { Semaphore, type SemaphoreOptions, type SemaphoreStatistics } from "./semaphore.ts";
