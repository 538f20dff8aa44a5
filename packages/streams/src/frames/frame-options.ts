import { checkBytes } from "@arborio/core/lowlevel";
import { checkCount } from "../arguments.ts";

/** How frames are written down: their length first, big-endian, then so many bytes. Both sides must agree. */
export interface FrameOptions {
  /** How many bytes the length takes, as 1, 2 or 4; 4 if not said. */
  readonly lengthBytes?: number | undefined;
  /** How many bytes a frame may have; 1,048,576 if not said, or as many as the length can tell. */
  readonly maxBytes?: number | undefined;
}

/** Checked, and without what is not said. */
export type FrameShape = readonly [lengthBytes: number, maxBytes: number];

export function shapeOf({ lengthBytes = 4, maxBytes = 1_048_576 }: FrameOptions = {}): FrameShape {
  checkCount("use frames", "lengthBytes", lengthBytes);
  checkCount("use frames", "maxBytes", maxBytes);
  return [lengthBytes, Math.min(maxBytes, 256 ** lengthBytes - 1)];
}

/** The frame as it is sent. */
export function framed(frame: Uint8Array, [lengthBytes, maxBytes]: FrameShape): Uint8Array {
  const { length } = checkBytes("send", frame);
  if (length > maxBytes) throw new RangeError(`Cannot send: ${tooLong(length, maxBytes)}`);
  const bytes = new Uint8Array(lengthBytes + length);
  bytes.set(frame, lengthBytes);
  for (let at = lengthBytes, rest = length; at > 0; rest /= 256) bytes[--at] = rest;
  return bytes;
}

export function tooLong(length: number, maxBytes: number): string {
  return `a frame has at most ${maxBytes} bytes, received ${length}`;
}
