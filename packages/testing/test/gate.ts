/** A promise that is not the library's, and what settles it. */
export interface Gate<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function makeGate<T = void>(): Gate<T> {
  let settlers: Omit<Gate<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => (settlers = { resolve, reject }));
  return { promise, ...(settlers as Omit<Gate<T>, "promise">) };
}
