/** A chunk of Node's as memory its owner may transfer: a part of a chunk is copied. */
export function owned({ buffer, byteOffset, byteLength }: Buffer): Uint8Array {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return byteLength === buffer.byteLength ? bytes : bytes.slice();
}
