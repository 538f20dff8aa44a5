import { moveOnAfter } from "@arborio/cancellation";
import type { WaitOptions } from "@arborio/core";
import { settling, wrongType } from "@arborio/core/lowlevel";
import type { AsyncResource, ByteStream } from "@arborio/streams";
import { checkCount, checkTimeout } from "./arguments.ts";
import { SocketStream } from "./socket-stream.ts";

const TIMEOUT = 5_000;
const IDLE = 500;
const MOST_BYTES = 1 << 24;

/** How long, and how much, {@link lingeringClose} waits for. */
export interface LingeringCloseOptions extends WaitOptions {
  /** Ms in all; 5,000 by default. */
  readonly timeout?: number | undefined;
  /** Ms without a byte; 500 by default. */
  readonly idle?: number | undefined;
  /** Bytes that are received and thrown away, at most; 16 MiB by default. */
  readonly maxBytes?: number | undefined;
}

/**
 * Closes a connection so that the other side still receives what was sent: ends the sending, receives and throws away what
 * still comes, and then closes. For a system that closes a connection with bytes unread resets it, and a reset throws away
 * what is still under way to the other side (RFC 1122 §4.2.2.13, RFC 9112 §9.6).
 *
 * It waits until the other side has ended its sending too, and no longer than the bounds say. A connection that is broken is
 * closed at once. `serve` closes so what it has accepted.
 *
 * **Cancellation** The connection is closed at once.
 *
 * **Throws** TypeError and RangeError for bad arguments, at once; nothing else but what `close` throws.
 */
export function lingeringClose(stream: ByteStream, options: LingeringCloseOptions = {}): Promise<void> {
  if (typeof (stream as Partial<ByteStream> | undefined)?.sendEof !== "function")
    throw wrongType("close the connection", "it takes a byte stream", stream);
  const { timeout = TIMEOUT, idle = IDLE, maxBytes = MOST_BYTES, signal } = options;
  checkTimeout("close the connection", "timeout", timeout);
  checkTimeout("close the connection", "idle", idle);
  checkCount("close the connection", "maxBytes", maxBytes);
  const goodbye = (within: WaitOptions): Promise<void> => drain(stream, idle, maxBytes, within);
  return settling(
    moveOnAfter(timeout, goodbye, { signal }).then(
      () => stream.close({ signal }),
      () => stream.close({ signal }),
    ),
    () => {},
  );
}

/** Closes what a handler has left: lingering, if something that was sent could be cut off. */
export function closeBehind(stream: AsyncResource, options: WaitOptions): Promise<void> {
  const lingers = stream instanceof SocketStream && stream.mayCutItsAnswer;
  return lingers ? lingeringClose(stream, options) : stream.close(options);
}

/** Ends the sending, and receives to the end. What that throws, the end among it, is for the caller to pass over. */
async function drain(
  stream: ByteStream,
  idle: number,
  maxBytes: number,
  { signal }: WaitOptions,
): Promise<void> {
  await stream.sendEof({ signal });
  for (let left = maxBytes; left > 0;) {
    const bytes = await moveOnAfter(idle, (within) => stream.receive(undefined, within), { signal });
    if (bytes === undefined) return;
    left -= bytes.length;
  }
}
