/**
 * The simulation: any program on virtual time, in a seeded order, with deadlocks found.
 *
 * ```ts
 * import { currentTime, sleep } from "@arborio/core";
 * import { simulate } from "@arborio/testing";
 *
 * const elapsed = await simulate(async () => {
 *   const began = currentTime();
 *   await sleep(3_600_000); // an hour, at once
 *   return currentTime() - began;
 * });
 * console.log(elapsed); // 3600000
 * ```
 *
 * @module
 */
export { type EveryPoint } from "./attempt.ts";
export { cancelAtEveryPoint } from "./cancel-at-every-point.ts";
export { deadlineAtEveryLook } from "./deadline-at-every-look.ts";
export { inRoot, type InRootOptions } from "./in-root.ts";
export { simulate, simulation, type SimulationOptions } from "./simulation.ts";
