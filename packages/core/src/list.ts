/** What holds a ring of items, and knows the first. */
export interface Holder<T> {
  first: T | undefined;
}

/** What can stand in the ring of a {@link Holder}; in one at a time. Intrusive: no allocation, and removal in O(1). */
export class Linked<H extends Holder<unknown>> {
  // Each subclass has these as fields of its own: what initialises them for all is the slowest part of making any.
  /** What holds it, or held it last. */
  declare parent: H | undefined;
  declare previous: this | undefined;
  /** Set while it stands in a ring: of one, it is itself. */
  declare next: this | undefined;

  /** Goes to the end of a ring. */
  linkTo(parent: H): void {
    this.unlink();
    const first = parent.first as this | undefined;
    this.parent = parent;
    this.next = first ?? this;
    this.previous = first?.previous ?? this;
    this.next.previous = this.previous.next = this;
    parent.first ??= this;
  }

  /** Leaves the ring it stands in, if any. */
  unlink(): void {
    const { next } = this;
    if (next === undefined) return;
    const parent = this.parent as H;
    next.previous = this.previous;
    (this.previous as this).next = next;
    if (parent.first === this) parent.first = next === this ? undefined : next;
    this.next = undefined;
  }
}

/** What comes after an item of a ring, if it is not the last. */
export function after<T extends { next: T | undefined }>(item: T, { first }: Holder<T>): T | undefined {
  return item.next === first ? undefined : item.next;
}

/** What stands in a ring now, in the order of addition. */
export function itemsOf<T extends { next: T | undefined }>(holder: Holder<T>): T[] {
  const items: T[] = [];
  for (let item = holder.first; item !== undefined; item = after(item, holder)) items.push(item);
  return items;
}
