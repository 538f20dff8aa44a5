// Control characters, those that change the direction of text, halves of surrogate pairs, ends of lines.
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/**
 * Text from outside as messages may hold it: one line, what a terminal would obey escaped as `\u{1b}`, and of at most `most`
 * characters: what is longer has `…` for its middle, as the end of a message tells the reason.
 */
export function oneLine(text: string, most: number = 300): string {
  const line = shortened(text, most).replace(UNSAFE, escaped);
  // Escapes are longer than what they stand for.
  return line.length > most ? oneLine(line, most) : line;
}

/** Of at most `most` characters: what is longer has `…` for its middle. */
export function shortened(text: string, most: number): string {
  const half = most >> 1;
  return text.length > most ? `${text.slice(0, half)}…${text.slice(half + 1 - most)}` : text;
}

function escaped(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}
