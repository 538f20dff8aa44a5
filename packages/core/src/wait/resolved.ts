let done: Promise<void> | undefined;

/** One resolved promise for all who need not wait. */
export function resolved(): Promise<void> {
  return (done ??= Promise.resolve());
}
