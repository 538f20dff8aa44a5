// Distinguished encoding (X.690), as much of it as a certificate needs.

const UNIVERSAL = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
} as const;

const SHORT = 0x80;

/** One value: its tag, its length, its contents. */
export function tagged(tag: number | keyof typeof UNIVERSAL, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = joined(contents);
  const number = typeof tag === "number" ? tag : UNIVERSAL[tag];
  return joined([Uint8Array.of(number, ...lengthOf(content.length)), content]);
}

/** @param dotted as `2.5.29.17` */
export function oid(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...rest] = dotted.split(".").map(Number);
  return tagged("oid", Uint8Array.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** A whole number that is not negative, its bytes the most significant first. */
export function integer(bytes: Uint8Array): Uint8Array {
  const start = bytes.findIndex((byte) => byte !== 0);
  const significant = start < 0 ? Uint8Array.of(0) : bytes.subarray(start);
  return tagged("integer", significant[0]! < SHORT ? significant : joined([Uint8Array.of(0), significant]));
}

export function text(tag: "utf8" | "utcTime" | number, value: string): Uint8Array {
  return tagged(tag, new TextEncoder().encode(value));
}

export function bits(bytes: Uint8Array): Uint8Array {
  return tagged("bits", Uint8Array.of(0), bytes);
}

export function pem(label: string, der: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...der)).replace(/.{64}/g, "$&\n");
  return `-----BEGIN ${label}-----\n${base64}\n-----END ${label}-----\n`;
}

function lengthOf(length: number): number[] {
  if (length < SHORT) return [length];
  return length < 256 ? [SHORT + 1, length] : [SHORT + 2, length >> 8, length & 255];
}

function base128(arc: number): number[] {
  const digits = [arc & 127];
  for (let rest = arc >> 7; rest > 0; rest >>= 7) digits.unshift(SHORT + (rest & 127));
  return digits;
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]));
}
