import { collect } from "./garbage.ts";

/** MB. What is kept of each of 1e5 steps is 20 and more; garbage that cannot be collected first is less than 40. */
export const MOST = collect === undefined ? 40 : 10;

/** How many MB the heap grew by in a loop, after one to warm up. */
export async function growth(times: number, step: (index: number) => Promise<unknown>): Promise<number> {
  const loop = async (count: number): Promise<number> => {
    for (let index = 0; index < count; index++) await step(index);
    await new Promise((resolve) => setTimeout(resolve, 0));
    return heapUsed();
  };
  const before = await loop(times / 10);
  return ((await loop(times)) - before) / 2 ** 20;
}

/** Bytes of heap in use; 0 where it is not known. */
function heapUsed(): number {
  const { process } = globalThis as { process?: { memoryUsage?(): { heapUsed: number } } };
  collect?.();
  return process?.memoryUsage?.().heapUsed ?? 0;
}
