// What the programs of a workload have in common besides n.

/** How many tasks contend. */
export const CONTENDERS = 100;

/** How many of them a semaphore lets in at once. */
export const PERMITS = 10;

/** How many producers, each with a consumer of its own, are at work at once. */
export const PAIRS = 8;
