import { checkCount } from "../arguments.ts";

/** How frames are written down: their length first, big-endian, then so many bytes. Both sides must agree. */
export interface FrameOptions {
  /** How many bytes the length takes: 1, 2 or 4; 4 if not said. */
  readonly lengthBytes?: 1 | 2 | 4 | undefined;
  /** How many bytes a frame may have; 1,048,576 if not said, or as many as the length can tell. */
  readonly maxBytes?: number | undefined;
}

/** What both ends of frames know. */
export interface FrameShape {
  readonly lengthBytes: number;
  readonly maxBytes: number;
}

export function shapeOf({ lengthBytes = 4, maxBytes = 1_048_576 }: FrameOptions = {}): FrameShape {
  if (![1, 2, 4].includes(lengthBytes))
    throw new RangeError(`Cannot make frames: lengthBytes must be 1, 2 or 4, received ${String(lengthBytes)}`);
  checkCount("make frames", "maxBytes", maxBytes);
  return { lengthBytes, maxBytes: Math.min(maxBytes, 256 ** lengthBytes - 1) };
}
