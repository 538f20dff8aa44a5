import { isError } from "@arborio/core";
import type { RawSocket } from "@arborio/core/backend";
import type { ByteStream } from "@arborio/streams";

/** Text as bytes. */
export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes as text. */
export function text(data: Uint8Array | null): string | null {
  return data === null ? null : new TextDecoder().decode(data);
}

/** What no pair of sockets' buffers hold. */
export const TOO_MUCH: number = 1 << 26;

interface Receives {
  receive(maxBytes?: number): Promise<Uint8Array>;
}

/** Receives exactly so many bytes, as text. */
export async function receiveText(stream: Receives, length: number): Promise<string> {
  let received = "";
  while (received.length < length) received += text(await stream.receive(length - received.length)) ?? "";
  return received;
}

/** How many bytes come until the end. */
export async function countReceived(stream: Receives): Promise<number> {
  let count = 0;
  try {
    for (;;) count += (await stream.receive()).length;
  } catch (error) {
    if (isError(error, "EndOfStream")) return count;
    throw error;
  }
}

/** How many bytes come until the end. */
export async function countRead(socket: RawSocket): Promise<number> {
  let count = 0;
  for (let chunk = await socket.read(65_536); chunk !== null; chunk = await socket.read(65_536))
    count += chunk.length;
  return count;
}

/** As a handler: sends back what comes, to the end. */
export async function echo(stream: ByteStream): Promise<void> {
  for await (const chunk of stream) await stream.send(chunk);
}
