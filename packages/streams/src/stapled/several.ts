import type { WaitOptions } from "@arborio/core";
import { begin, handled, isCancelledLeaf, markLayer } from "@arborio/core/lowlevel";
import type { AsyncResource } from "../resource.ts";
import { attributesOf, type Attributes } from "../typed-attributes.ts";

/** One resource over others, which it owns: closing it closes all, also if closing one fails (M5). */
export class Several implements AsyncResource {
  /** Whether it was closed here. @internal */
  protected closed: boolean = false;
  readonly #all: readonly AsyncResource[];

  constructor(all: readonly AsyncResource[]) {
    this.#all = all;
    markLayer(this, ...all);
  }

  /** Those of all; of one that several have, the last one's. */
  get attributes(): Attributes {
    return new Map(this.#all.flatMap((one) => [...attributesOf(one)]));
  }

  close(options?: WaitOptions): Promise<void> {
    return this.#each((one) => one.close(options));
  }

  closeForcefully(): void {
    this.closed = true;
    closeAll(this.#all);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#each((one) => one[Symbol.asyncDispose]());
  }

  #each(act: (one: AsyncResource) => Promise<void>): Promise<void> {
    this.closed = true;
    return onEach(this.#all, act);
  }
}

function closeAll([first, ...rest]: readonly AsyncResource[]): void {
  try {
    first?.closeForcefully();
  } finally {
    if (rest.length > 0) closeAll(rest);
  }
}

/** Does it to all at once, and throws what went wrong: a lone error as it is, one object once. Of cancellations one
 * stands for all. */
export function onEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const result: Promise<void> = Promise.allSettled(items.map((item) => begin(act, item))).then((results) => {
    const errors = results.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    const real = [...new Set(errors.filter((error) => !isCancelledLeaf(error)))];
    if (real.length > 1) throw new AggregateError(real, "Cannot go on: several failed");
    // A floating call that is cancelled must not become an unhandled rejection.
    if (real.length === 0) void handled(result);
    if (errors.length > 0) throw real[0] ?? errors[0];
  });
  return result;
}
