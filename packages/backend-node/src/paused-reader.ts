import { StreamReader } from "./stream-reader.ts";

/**
 * Reads a stream of Node that stays in paused mode. The stream is asked for more only while a read waits, so with a
 * high-water mark of 0 it reads from the system only then.
 */
export class PausedReader extends StreamReader {
  private listens = false;

  protected refill(): Buffer | null {
    // The first listener makes the stream read: not before the first read.
    if (!this.listens) this.stream.on("readable", () => this.look());
    this.listens = true;
    // Not `read(0)`: if the last data were taken before Node told of them, it would tell of no more.
    return this.stream.read() as Buffer | null;
  }
}
