/** Bytes in the order in which they came: from `#start` to `#end` of an array that grows. */
export class ByteBuffer {
  #bytes = new Uint8Array(0);
  #start = 0;
  #end = 0;

  get size(): number {
    return this.#end - this.#start;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length > this.#bytes.length - this.#end) this.#makeRoom(bytes.length);
    this.#bytes.set(bytes, this.#end);
    this.#end += bytes.length;
  }

  /** Removes and gives the first, as a copy: at most so many. */
  take(count: number): Uint8Array {
    const taken = this.#bytes.slice(this.#start, Math.min(this.#end, this.#start + count));
    this.#start += taken.length;
    if (this.#start === this.#end) this.#start = this.#end = 0;
    return taken;
  }

  clear(): void {
    this.#bytes = new Uint8Array(0);
    this.#start = this.#end = 0;
  }

  /** Moves what is there to the front, of an array twice as long if that would be soon again. */
  #makeRoom(count: number): void {
    const kept = this.#bytes.subarray(this.#start, this.#end);
    const needed = kept.length + count;
    if (needed > this.#bytes.length / 2) this.#bytes = new Uint8Array(2 * needed);
    this.#bytes.set(kept);
    this.#start = 0;
    this.#end = kept.length;
  }
}
