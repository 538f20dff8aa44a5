let alreadyTaken: Promise<void> | undefined;

/** What a `write` gives that the system took at once, one for all of them: who knows it need not wait for it. */
export function taken(): Promise<void> {
  return (alreadyTaken ??= Promise.resolve());
}
