// What the programs of a workload have in common besides n.

/** How many tasks contend. */
export const CONTENDERS = 100;

/** How many of them a semaphore lets in at once. */
export const PERMITS = 10;

/** How many producers, each with a consumer of its own, are at work at once. */
export const PAIRS = 8;

/** Bytes of a message that goes to and fro. */
export const MESSAGE = 64;

/** Bytes of a chunk of a long stream. */
export const CHUNK = 65_536;

/** How many connections are open at once. */
export const AT_ONCE = 32;
