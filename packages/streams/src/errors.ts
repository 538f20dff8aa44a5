import { BrokenResourceError, BusyResourceError, ClosedResourceError, EndOfStream } from "@arborio/core";

// What streams throw: `Cannot <action>: <why>`.

export function busyError(action: string): Error {
  return new BusyResourceError(`Cannot ${action}: another task does so now`);
}

export function closedError(action: string, name: string = "the stream"): Error {
  return new ClosedResourceError(`Cannot ${action}: ${name} was closed on this side`);
}

export function brokenError(action: string, why: string, options?: ErrorOptions): Error {
  return new BrokenResourceError(`Cannot ${action}: ${why}`, options);
}

export function endError(why: string): Error {
  return new EndOfStream(`Cannot receive: ${why}`);
}
