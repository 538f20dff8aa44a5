import { currentTime, formatError, sleep, taskGroup } from "arborio";
import { Act, type Operation } from "./act.ts";
import type { Choice } from "./choice.ts";
import { Random } from "./random.ts";
import type { World } from "./world.ts";

/** How often an operation ran: without a cancel, cut by one, and ended before one. */
export interface Count {
  calm: number;
  cut: number;
  late: number;
}

/** An operation under way. */
export interface Under {
  readonly what: string;
  readonly since: number;
}

/** A fault of one kind: the first of them, and how many there were. */
export interface Found {
  readonly first: string;
  times: number;
}

/** What workers do, and what they found. */
export class Crew {
  readonly counts: Map<string, Count> = new Map();
  readonly faults: Map<string, Found> = new Map();
  /** What each worker is at. */
  readonly under: Map<number, Under> = new Map();
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  found(kind: string, detail: string): void {
    const known = this.faults.get(kind);
    if (known === undefined) this.faults.set(kind, { first: detail, times: 1 });
    else known.times++;
  }

  /** Has workers make their choices for so many ms; returns when all rest. */
  async work(workers: readonly Iterator<Choice<Operation>>[], ms: number): Promise<void> {
    const end = currentTime() + ms;
    await taskGroup((group) => {
      for (const [number, choices] of workers.entries())
        group.spawn(async () => {
          while (currentTime() < end) await this.perform(choices.next().value as Choice<Operation>, number);
        });
    });
  }

  async perform({ operation, cut, seed }: Choice<Operation>, worker: number): Promise<void> {
    const act = new Act(this.#world, new Random(seed), cut);
    const what = `${operation.name}, cancel: ${cut}, seed ${String(seed)}`;
    this.under.set(worker, { what, since: performance.now() });
    try {
      await operation.run(act);
    } catch (error) {
      this.found(`${operation.name}, cancel: ${cut}`, `seed ${String(seed)}: ${formatError(error)}`);
    }
    this.under.delete(worker);
    this.#count(operation.name)[cut === "none" ? "calm" : act.cuts > 0 ? "cut" : "late"]++;
    // An operation that never waits must not keep the others from their turns.
    await sleep(0);
  }

  #count(name: string): Count {
    const count = this.counts.get(name) ?? { calm: 0, cut: 0, late: 0 };
    this.counts.set(name, count);
    return count;
  }
}
