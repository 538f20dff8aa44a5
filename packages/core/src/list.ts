/** What can stand in a {@link List}; in one at a time. */
export class Linked {
  list: List<Linked> | undefined;
  previous: Linked | undefined;
  next: Linked | undefined;

  /** Leaves the list it stands in, if any. */
  unlink(): void {
    this.list?.remove(this);
  }
}

/** An intrusive list, in the order of addition: no allocation, and removal in O(1). */
export class List<T extends Linked> {
  first: T | undefined;
  last: T | undefined;
  size = 0;

  add(item: T): void {
    item.list = this;
    item.previous = this.last;
    if (this.last === undefined) this.first = item;
    else this.last.next = item;
    this.last = item;
    this.size++;
  }

  remove(item: T): void {
    const { previous, next } = item as { previous: T | undefined; next: T | undefined };
    if (previous === undefined) this.first = next;
    else previous.next = next;
    if (next === undefined) this.last = previous;
    else next.previous = previous;
    item.list = item.previous = item.next = undefined;
    this.size--;
  }
}

/** What stands in a list now, in order. */
export function itemsOf<T extends Linked>(list: List<T> | undefined): T[] {
  const items: T[] = [];
  for (let item = list?.first; item !== undefined; item = item.next as T | undefined) items.push(item);
  return items;
}
