/** Bytes that have come and were not yet taken, in one piece. Pushing and taking cost what is pushed and taken. */
export class ByteQueue {
  /** All of them, not to be kept: the memory behind is the queue's. */
  view: Uint8Array = new Uint8Array();

  push(chunk: Uint8Array = new Uint8Array()): void {
    const { view } = this;
    let { buffer, byteOffset } = view;
    const total = view.length + chunk.length;
    if (byteOffset + total > buffer.byteLength) {
      // Twice what there is, so that not every push copies it.
      buffer = new ArrayBuffer(view.length > 0 ? 2 * total : total);
      new Uint8Array(buffer).set(view);
      byteOffset = 0;
    }
    this.view = new Uint8Array(buffer, byteOffset, total);
    this.view.set(chunk, view.length);
  }

  /** The first so many, at most, in memory that is the caller's. `skip` more are dropped. */
  take(count: number, skip: number = 0): Uint8Array {
    const taken = this.view.slice(0, count);
    this.keep(count + skip);
    return taken;
  }

  /** Drops all but those from `from` to `to`. */
  keep(from: number, to: number = this.view.length): void {
    const { buffer, byteOffset, length } = this.view;
    const end = Math.min(to, length);
    // An idle stream holds no memory. Not by `subarray`, which takes as long as all the rest.
    this.view = from < end ? new Uint8Array(buffer, byteOffset + from, end - from) : new Uint8Array();
  }

  /** Where the delimiter begins, at `from` or later; -1 if it is not among the first `most` bytes. */
  indexOf(delimiter: Uint8Array, from: number, most: number): number {
    const { view } = this;
    const last = Math.min(view.length, most) - delimiter.length;
    for (let at = from - 1; ;) {
      at = view.indexOf(delimiter[0]!, at + 1);
      if (at < 0 || at > last) return -1;
      let same = 1;
      while (same < delimiter.length && view[at + same] === delimiter[same]) same++;
      if (same === delimiter.length) return at;
    }
  }
}
