import type { WaitOptions } from "@arborio/core";
import { begin, handled, isCancelledLeaf } from "@arborio/core/lowlevel";
import { attributesOf, type Attributes } from "../typed-attributes.ts";
import type { AsyncResource } from "../resource.ts";

/** Two streams as one. */
export class Stapled<S extends AsyncResource, R extends AsyncResource> implements AsyncResource {
  readonly sendStream: S;
  readonly receiveStream: R;

  constructor(sendStream: S, receiveStream: R) {
    this.sendStream = sendStream;
    this.receiveStream = receiveStream;
  }

  /** Those of both; of one that both have, the receiving stream's. */
  get attributes(): Attributes {
    return new Map([...attributesOf(this.sendStream), ...attributesOf(this.receiveStream)]);
  }

  sendEof(options?: WaitOptions): Promise<void> {
    return this.sendStream.close(options);
  }

  close(options?: WaitOptions): Promise<void> {
    return onEach([this.sendStream, this.receiveStream], (stream) => stream.close(options));
  }

  closeForcefully(): void {
    try {
      this.sendStream.closeForcefully();
    } finally {
      this.receiveStream.closeForcefully();
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return onEach([this.sendStream, this.receiveStream], (stream) => stream[Symbol.asyncDispose]());
  }
}

/** Does it to all at once, and throws what went wrong: a lone error as it is, one object once. Of cancellations one
 * stands for all. */
export function onEach<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const result: Promise<void> = Promise.allSettled(items.map((item) => begin(act, item))).then((results) => {
    const errors = results.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    const real = [...new Set(errors.filter((error) => !isCancelledLeaf(error)))];
    if (real.length > 1) throw new AggregateError(real, "Cannot go on: several of the streams failed");
    // A floating call that is cancelled must not become an unhandled rejection.
    if (real.length === 0) void handled(result);
    if (errors.length > 0) throw real[0] ?? errors[0];
  });
  return result;
}
