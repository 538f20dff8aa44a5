/**
 * Synchronisation between tasks: `@arborio/sync`.
 *
 * @module
 */
export {
  AsyncEvent,
  Barrier,
  CapacityLimiter,
  Condition,
  Future,
  Lock,
  RateLimiter,
  ReadWriteLock,
  ResourceGuard,
  Semaphore,
} from "@arborio/sync";
export type {
  AsyncEventStatistics,
  BarrierStatistics,
  CapacityLimiterStatistics,
  ConditionStatistics,
  FutureStatistics,
  FutureStatus,
  Governor,
  LockStatistics,
  Permit,
  RateLimiterOptions,
  RateLimiterStatistics,
  ReadWriteLockStatistics,
  ResourceGuardStatistics,
  SemaphoreOptions,
  SemaphoreStatistics,
} from "@arborio/sync";
