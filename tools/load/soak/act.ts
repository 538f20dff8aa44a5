import type { WaitOptions } from "arborio";
import { CUT, cut, type CutKind, type Work } from "./cut.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** How often work that can be tried again is cut, before it is let be. */
const TRIES = 4;

/** One run of an operation. */
export class Act {
  readonly world: World;
  readonly random: Random;
  readonly kind: CutKind;
  /** How many calls were cut. */
  cuts = 0;

  constructor(world: World, random: Random, kind: CutKind) {
    this.world = world;
    this.random = random;
    this.kind = kind;
  }

  /** Options of a wait: at times with a signal that lives as long as the program, and never aborts. */
  get options(): WaitOptions {
    return this.random.chance(0.5) ? { signal: this.world.steady.signal } : {};
  }

  /** Runs work under a cancel; {@link CUT} if that came first. */
  async cut<T>(work: Work<T>): Promise<T | typeof CUT> {
    const outcome = await cut(this.kind, this.random, work, this.options);
    if (outcome === CUT) this.cuts++;
    return outcome;
  }

  /** Runs work that loses nothing when it is cut, until it is not. */
  async insist<T>(work: Work<T>): Promise<T> {
    for (let left = this.cuts > 20 ? 0 : TRIES; left > 0; left--) {
      const outcome = await this.cut(work);
      if (outcome !== CUT) return outcome;
    }
    return work(this.options);
  }
}

/** Something to do again and again, which looks itself whether all is right. */
export interface Operation {
  readonly name: string;
  /** @throws for whatever is not right */
  run(act: Act): Promise<void>;
}

/** Operations by their names, each with what they have in common before it. */
export function operations(prefix: string, runs: Readonly<Record<string, Operation["run"]>>): Operation[] {
  return Object.entries(runs).map(([name, run]) => ({ name: `${prefix} ${name}`, run }));
}
