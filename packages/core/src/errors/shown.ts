/** A name from outside as a message shows it: on one line, of bounded length. */
export function shown(name: string): string {
  return name.slice(0, 80).replace(/[\p{Cc}\u2028\u2029]/gu, "?");
}
