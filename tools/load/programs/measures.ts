import { existsSync, readdirSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { rootTask, type TaskInfo } from "arborio";

/** What a process holds. What a system or runtime does not tell is undefined. */
export interface Measures {
  readonly descriptors: number | undefined;
  readonly timers: number | undefined;
  readonly tasks: number;
  /** Bytes in JavaScript's heap and beside it (buffers), after a collection. */
  readonly memory: number;
}

export async function measure(): Promise<Measures> {
  const { gc } = globalThis as { gc?: () => void };
  // What ended in this turn is released in the next ones.
  for (let turn = 0; turn < 3; turn++) {
    await pause(20);
    gc?.();
  }
  const { heapUsed, external } = process.memoryUsage();
  return {
    descriptors: descriptors(),
    timers: timers(),
    tasks: sizeOf(rootTask()),
    memory: heapUsed + external,
  };
}

function descriptors(): number | undefined {
  return existsSync("/proc/self/fd") ? readdirSync("/proc/self/fd").length : undefined;
}

// Deno has the function, and lists nothing.
function timers(): number | undefined {
  if ("Deno" in globalThis) return undefined;
  return process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
}

function sizeOf(task: TaskInfo | undefined): number {
  return task === undefined ? 0 : task.children.reduce((sum, child) => sum + sizeOf(child), 1);
}
