// Where the kernel's tests run: in the simulation, in plain order and in two others, and on the real clock.
// Each is a root of its own that fails if anything is left behind, so a leak fails the test.
import type { RootHandle } from "@arborio/core";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";

type Body = (root: RootHandle) => unknown;

const simulated = [
  ["in plain order", createTest({ backend: () => simulation() })],
  ["with seed 1", createTest({ backend: () => simulation({ seed: 1 }) })],
  ["with seed 2", createTest({ backend: () => simulation({ seed: 2 }) })],
] as const;

const real = createTest({ backend: () => ({ name: "bare" }) });

/** In the simulation only: where time is waited for, or turns are counted. */
export function timed(name: string, fn: Body): void {
  for (const [where, test] of simulated) test(`${name} (${where})`, fn);
}

/** On the real clock only. */
export function onRealClock(name: string, fn: Body): void {
  real(`${name} (on the real clock)`, fn);
}

/** In the simulation and on the real clock: what holds whoever takes the turns. */
export function everywhere(name: string, fn: Body): void {
  timed(name, fn);
  onRealClock(name, fn);
}
