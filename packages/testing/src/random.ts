/** A seeded source of numbers in [0, 1): the same seed gives the same numbers (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Puts a list into a random order, in place (Fisher and Yates). */
export function shuffle<T>(list: T[], next: () => number): T[] {
  for (let last = list.length - 1; last > 0; last--) {
    const chosen = Math.floor(next() * (last + 1));
    const item = list[last] as T;
    list[last] = list[chosen] as T;
    list[chosen] = item;
  }
  return list;
}
