/** A fault that may be planted in the sources: one place of one file, written otherwise. */
export interface Fault {
  /** What goes wrong, in words joined by hyphens. */
  readonly name: string;
  /** Relative to the root. */
  readonly file: string;
  /** Must be in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Where it is looked for first; then in all tests of the kernel, of sync and streams, or of net: whichever it is in. */
  readonly tests?: readonly string[];
}

/** The text with the fault in it. @throws Error if the place is not there, or there more than once */
export function plant(text: string, { name, file, find, replace }: Fault): string {
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`Cannot plant ${name}: ${file} has its place ${places} times, not once`);
  return text.replace(find, () => replace);
}
