const ignore = (): void => {};

/** Marks a promise's rejection as handled, and gives the promise. */
export function handled<P extends PromiseLike<unknown>>(promise: P): P {
  promise.then(undefined, ignore);
  return promise;
}
