import type { ByteStream } from "../byte-streams.ts";
import { stapleByteStreams } from "../stapled/staple-byte-streams.ts";
import { BytePipe, PipeReceiveEnd, PipeSendEnd } from "./byte-pipe.ts";
import { checkSize } from "./size.ts";

/**
 * Two byte streams: what one sends the other receives, as over a connection, but in memory.
 *
 * `send` returns when all its bytes are buffered or received; so with size 0, in lockstep, when they are received.
 *
 * @param size of the buffer of each direction, in bytes: a whole number from 0 on, or Infinity
 * @throws RangeError for another size
 */
export function createMemoryByteStreams(size: number = 65_536): [ByteStream, ByteStream] {
  checkSize("create memory byte streams", size, 0);
  const [there, back] = [new BytePipe(size), new BytePipe(size)];
  return [
    stapleByteStreams(new PipeSendEnd(there), new PipeReceiveEnd(back)),
    stapleByteStreams(new PipeSendEnd(back), new PipeReceiveEnd(there)),
  ];
}
