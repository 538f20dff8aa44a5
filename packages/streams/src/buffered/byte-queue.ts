/**
 * Bytes that have come and were not yet taken, in one piece. Pushing and taking cost what is pushed and taken.
 *
 * Invariant: they are `bytes` from `start` to `end`; with none, `bytes` is nobody else's either.
 */
export class ByteQueue {
  #bytes: Uint8Array = new Uint8Array();
  #start = 0;
  #end = 0;

  /** All of them, not to be kept: the memory is the queue's. */
  get view(): Uint8Array {
    return this.#bytes.subarray(this.#start, this.#end);
  }

  /** Takes over the memory of `chunk`. */
  push(chunk: Uint8Array): void {
    const { view } = this;
    const length = view.length + chunk.length;
    if (view.length === 0) this.#reset(chunk, length);
    else {
      if (this.#end + chunk.length > this.#bytes.length) {
        this.#reset(new Uint8Array(Math.max(2 * view.length, length)), view.length);
        this.#bytes.set(view);
      }
      this.#bytes.set(chunk, this.#end);
      this.#end += chunk.length;
    }
  }

  /** The first so many, in memory that is the caller's. `skip` more are dropped. */
  take(count: number, skip: number = 0): Uint8Array {
    const { view } = this;
    const all = count === view.length;
    // What came in one piece and goes in one piece is not copied; nor is it kept.
    const taken = all ? view : new Uint8Array(view.subarray(0, count));
    this.#start += count + skip;
    if (this.#start === this.#end) this.#reset(new Uint8Array(), 0);
    return taken;
  }

  /** Where the delimiter begins, at `from` or later; -1 if it is not among the first `most` bytes. */
  indexOf(delimiter: Uint8Array, from: number, most: number): number {
    const view = this.view.subarray(0, most);
    const [first] = delimiter;
    let at = view.indexOf(first!, from);
    while (at >= 0 && !delimiter.every((byte, index) => view[at + index] === byte))
      at = view.indexOf(first!, at + 1);
    return at;
  }

  #reset(bytes: Uint8Array, end: number): void {
    this.#bytes = bytes;
    this.#start = 0;
    this.#end = end;
  }
}
