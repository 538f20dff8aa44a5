/** The bytes as a plain Uint8Array, alone in its memory: the platform transfers that as a whole; Node's buffers share a pool. */
export function ownMemory({ buffer, byteLength, byteOffset }: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  return byteLength === buffer.byteLength ? bytes : bytes.slice();
}
