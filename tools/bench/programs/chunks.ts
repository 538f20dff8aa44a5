type Chunk = Uint8Array<ArrayBuffer>;

const CHUNK = 65_536;

/** How long a line is, without its end. */
export const LINE = 79;

let made: { readonly n: number; readonly chunks: readonly Chunk[] } | undefined;

/** `n` lines in chunks, whose ends are no ends of lines. Made once: making them is not what is measured. */
export function chunksOfLines(n: number): readonly Chunk[] {
  if (made?.n !== n) made = { n, chunks: cut(new TextEncoder().encode(`${"x".repeat(LINE)}\n`.repeat(n))) };
  return made.chunks;
}

/** Each in memory of its own, as from a socket. */
function cut(bytes: Chunk): Chunk[] {
  const count = Math.ceil(bytes.length / CHUNK);
  return Array.from({ length: count }, (_, at) => bytes.slice(at * CHUNK, (at + 1) * CHUNK));
}
