import type { BufferedByteStream } from "arborio";

/** What Redis answers: bulk strings are bytes, simple ones text; nil is null. */
export type Reply = string | number | bigint | Uint8Array | null | RedisError | readonly Reply[];

/** An error that is an answer: the connection goes on. */
export class RedisError extends Error {
  override readonly name: string = "RedisError";
}

const CRLF = new Uint8Array([13, 10]);
const LONGEST_LINE = 65_536;
const LONGEST_BULK = 512 * 1024 * 1024;
const LONGEST_ARRAY = 1 << 20;
const DEEPEST = 32;

const decoder = new TextDecoder();

/** The next reply (RESP2). An error is given, not thrown; what is no RESP is thrown. */
export async function receiveReply(stream: BufferedByteStream, depth = 0): Promise<Reply> {
  const line = decoder.decode(await stream.receiveUntil(CRLF, LONGEST_LINE));
  const rest = line.slice(1);
  switch (line.slice(0, 1)) {
    case "+":
      return rest;
    case "-":
      return new RedisError(rest);
    case ":":
      return integer(rest);
    case "$":
      return bulk(stream, length(rest, LONGEST_BULK));
    case "*":
      return array(stream, length(rest, LONGEST_ARRAY), depth);
    default:
      throw invalid(`a reply begins with one of + - : $ *, received ${JSON.stringify(line)}`);
  }
}

async function bulk(stream: BufferedByteStream, size: number): Promise<Uint8Array | null> {
  if (size < 0) return null;
  const bytes = await stream.receiveExactly(size + 2);
  if (bytes[size] !== 13 || bytes[size + 1] !== 10)
    throw invalid("a bulk string is longer than its length says");
  return bytes.subarray(0, size);
}

async function array(stream: BufferedByteStream, count: number, depth: number): Promise<Reply[] | null> {
  if (count < 0) return null;
  if (depth === DEEPEST) throw invalid(`arrays are nested deeper than ${String(DEEPEST)}`);
  const replies: Reply[] = [];
  while (replies.length < count) replies.push(await receiveReply(stream, depth + 1));
  return replies;
}

function integer(text: string): number | bigint {
  if (!/^[+-]?\d+$/.test(text)) throw invalid(`it is no integer, received ${JSON.stringify(text)}`);
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
}

/** -1 is nil. */
function length(text: string, longest: number): number {
  const value = integer(text);
  if (typeof value === "number" && value >= -1 && value <= longest) return value;
  throw invalid(`a length is from -1 to ${String(longest)}, received ${text}`);
}

function invalid(why: string): Error {
  return new Error(`Cannot read the reply: ${why}`);
}

/** As a person reads it. */
export function show(reply: Reply): string {
  if (reply === null) return "(nil)";
  if (reply instanceof Uint8Array) return decoder.decode(reply);
  if (reply instanceof RedisError) return `(error) ${reply.message}`;
  if (Array.isArray(reply)) return `[${(reply as readonly Reply[]).map(show).join(", ")}]`;
  return String(reply);
}
