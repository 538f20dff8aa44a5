import type { ItemBuffer } from "./order.ts";

// How many taken items' places are kept at most, if that is more than half.
const SLACK = 1024;

/** The oldest first; both ends in O(1): the places of what was taken go in bulk. */
export class Fifo<T> implements ItemBuffer<T> {
  #items: (T | undefined)[] = [];
  #taken = 0;

  get size(): number {
    return this.#items.length - this.#taken;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T {
    const items = this.#items;
    const item = items[this.#taken] as T;
    items[this.#taken++] = undefined;
    if (this.#taken > SLACK && this.#taken > items.length / 2) {
      this.#items = items.slice(this.#taken);
      this.#taken = 0;
    }
    return item;
  }
}
