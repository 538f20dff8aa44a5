import { fault } from "./fault.ts";
import { Random } from "./random.ts";

// Of a prime length, so that a piece of a usual length that is lost or doubled shifts what follows.
const TABLE: Uint8Array = makeTable(65_521);

function makeTable(length: number): Uint8Array {
  const random = new Random(1);
  return Uint8Array.from({ length }, () => random.whole(0, 255));
}

/** Where the byte of a sequence stands in the table. */
function placeOf(sequence: number, at: number): number {
  return (sequence * 7_919 + at) % TABLE.length;
}

/** The bytes of a sequence from `from` on. A byte that is lost, doubled, or of another sequence is seen. */
export function bytesOf(sequence: number, from: number, count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count;) {
    const place = placeOf(sequence, from + at);
    const part = TABLE.subarray(place, place + count - at);
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Checks that bytes are those of a sequence, from `from` on. */
export function checkBytes(sequence: number, from: number, bytes: Uint8Array): void {
  let place = placeOf(sequence, from);
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] !== TABLE[place])
      fault(`byte ${String(from + at)} is ${String(bytes[at])}, and should be ${String(TABLE[place])}`);
    if (++place === TABLE.length) place = 0;
  }
}
