/**
 * Vitest's `test` in a root of its own, by default in a fresh simulation.
 *
 * ```ts no-run
 * import { sleep } from "@arborio/core";
 * import { test } from "@arborio/testing/vitest";
 *
 * test("an hour passes at once, and nothing is left behind", async () => {
 *   await sleep(3_600_000);
 * });
 * ```
 *
 * @module
 */
import type { RootHandle } from "@arborio/core";
import { test as vitestTest } from "vitest";
import { inRoot, type InRootOptions } from "./in-root.ts";

/** Registers a test whose body runs in a root; see {@link inRoot} for what fails it. */
export type RootTest = (name: string, fn: (root: RootHandle) => unknown) => void;

/** Makes a {@link RootTest} over another backend. */
export function createTest(options: InRootOptions): RootTest {
  return (name, fn) => vitestTest(name, inRoot(fn, options));
}

/** A test in a fresh simulation. */
export const test: RootTest = (name, fn) => vitestTest(name, inRoot(fn));
