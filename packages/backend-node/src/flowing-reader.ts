import { StreamReader } from "./stream-reader.ts";

/**
 * Reads a stream of Node whose high-water mark is 0, and that is paused.
 *
 * From the first read on the stream flows: as long as each chunk finds a read that waits, it goes on without a pause. A
 * chunk that finds none stops the flow and goes back into the stream, as does what a read leaves of one. So one chunk at
 * most is read that nobody asked for, or two while a chunk is received in pieces; the next one stays in the system.
 *
 * Invariant: `listener` listens exactly while the stream flows.
 */
export class FlowingReader extends StreamReader {
  private readonly listener = (chunk: Buffer): void => this.receive(chunk);
  private flows = false;

  protected refill(): null {
    if (!this.flows) this.stream.on("data", this.listener).resume();
    this.flows = true;
    return null;
  }

  private receive(chunk: Buffer): void {
    const rest = this.waits ? this.give(chunk) : chunk;
    if (rest.length > 0) this.giveBack(rest);
  }

  // Into the stream: Node goes on reading until something is in it.
  private giveBack(rest: Buffer): void {
    this.flows = false;
    this.stream.off("data", this.listener).pause().unshift(rest);
  }
}
