/** How much of a name a message repeats. */
const LONGEST = 80;

/** A name from outside as a message shows it: on one line, of bounded length. */
export function shown(name: string): string {
  const part = name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name;
  return part.replace(/[\p{Cc}\u2028\u2029]/gu, "\u{fffd}");
}
