import type { Headers } from "./messages.ts";

export type Body = Uint8Array | AsyncIterable<Uint8Array>;

const encoder = new TextEncoder();

export function encode(text: string): Uint8Array {
  return encoder.encode(text);
}

/** A first line and headers, as bytes. Refuses what would begin another line. */
export function headOf(line: string, headers: Headers): Uint8Array {
  const lines = [line, ...Object.entries(headers).map(([name, value]) => `${name}: ${value ?? ""}`)];
  const bad = lines.find((one) => /[\r\n\0]/.test(one));
  if (bad !== undefined)
    throw new TypeError(`Cannot send the header: a line has a break in it, received ${JSON.stringify(bad)}`);
  return encode(`${lines.join("\r\n")}\r\n\r\n`);
}

/** How a body is told from what follows it: by its length, in chunks, or, to old clients, by the end of the connection. */
export type Framing = "sized" | "chunked" | "until the end";

/**
 * The bytes of a message: the head, made when the body has begun, together with the first of it.
 * @param length of the body, if it is sized
 */
export async function* bytesOf(
  head: () => Uint8Array,
  body: Body,
  framing: Framing,
  length = 0,
): AsyncGenerator<Uint8Array> {
  let begun = false;
  let sent = 0;
  for await (const chunk of body instanceof Uint8Array ? [body] : body) {
    sent += chunk.length;
    if (framing === "sized" && sent > length) break;
    if (chunk.length === 0) continue;
    const bytes = framing === "chunked" ? framed(chunk) : chunk;
    yield begun ? bytes : concat(head(), bytes);
    begun = true;
  }
  if (!begun) yield head();
  if (framing === "chunked") yield encode("0\r\n\r\n");
  if (framing === "sized" && sent !== length)
    throw new Error(`Cannot send the body: it is not as long as was said, ${String(length)} bytes`);
}

function framed(chunk: Uint8Array): Uint8Array {
  return concat(encode(`${chunk.length.toString(16)}\r\n`), chunk, encode("\r\n"));
}

/** The parts as one. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
