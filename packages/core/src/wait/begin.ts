/** Calls a function that may wait; what it throws comes as a rejection. A thenable it gives is asked at once. */
export function begin<A, T>(fn: (arg: A) => T | PromiseLike<T>, arg: A): Promise<T> {
  try {
    return Promise.resolve(fn(arg));
  } catch (error) {
    return Promise.reject<T>(error);
  }
}
