import { fault } from "./fault.ts";

/** A byte depends on the sequence and on its place in it, so a byte that is lost, doubled or another's is seen. */
export function byteAt(sequence: number, at: number): number {
  return (sequence * 89 + at * 7 + (at >>> 8) * 13 + (at >>> 16) * 29) & 255;
}

/** The bytes of a sequence from `from` on. */
export function bytesOf(sequence: number, from: number, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at++) bytes[at] = byteAt(sequence, from + at);
  return bytes;
}

/** Checks that bytes are those of a sequence, from `from` on. */
export function checkBytes(sequence: number, from: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; at++) {
    const right = byteAt(sequence, from + at);
    if (bytes[at] !== right)
      fault(`byte ${String(from + at)} is ${String(bytes[at])}, and should be ${String(right)}`);
  }
}
