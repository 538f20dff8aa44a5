/** MB. What is kept of each of 1e5 steps is 20 and more. */
export const MOST = 10;

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
  const { process, gc } = globalThis as {
    process?: { memoryUsage?(): { heapUsed: number } };
    gc?: () => void;
  };
  gc?.();
  return process?.memoryUsage?.().heapUsed ?? 0;
}
