import { CancelScope } from "@arborio/cancellation";
import type { WaitOptions } from "@arborio/core";
import { currentRuntime, currentScope, settling, wrongType } from "@arborio/core/lowlevel";
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
 * Closes a connection so that the other side still receives the sent bytes: ends the sending, receives and discards the bytes
 * that still come, and then closes. Reason: if a connection is closed with bytes unread, the system resets it, and a reset
 * discards the bytes that the other side has not received yet (RFC 1122 §4.2.2.13, RFC 9112 §9.6).
 *
 * It waits until the other side has ended its sending too, but no longer than the bounds say. It closes a broken connection
 * at once. `serve` closes the connections that it accepted in this way.
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
  const scope = new CancelScope({ timeout: Math.min(timeout, idle) });
  // Where there is an ambient context nobody gives a signal, and none is made.
  const within: WaitOptions = signal === undefined ? {} : { signal: scope.signal };
  const close = (): Promise<void> => stream.close({ signal });
  return settling(
    scope
      .run(() => drain(stream, maxBytes, extending(scope, timeout, idle), within), { signal })
      .then(close, close),
    () => {},
  );
}

/** Closes what a handler has left: lingering, if something that was sent could be cut off. */
export function closeBehind(stream: AsyncResource, options: WaitOptions): Promise<void> {
  const lingers = stream instanceof SocketStream && stream.mayCutItsAnswer;
  if (!lingers) return stream.close(options);
  return lingeringClose(stream, currentScope() === undefined ? { signal: options.signal } : {});
}

/** Ends the sending, and receives to the end, whose error is for the caller to pass over. */
async function drain(
  stream: ByteStream,
  maxBytes: number,
  extend: () => void,
  options: WaitOptions,
): Promise<void> {
  await stream.sendEof(options);
  for (let left = maxBytes; left > 0;) {
    left -= (await stream.receive(undefined, options)).length;
    extend();
  }
}

/** Moves the deadline of a scope to `idle` ms from now, at most `timeout` ms from its beginning: one scope serves for both bounds. */
function extending(scope: CancelScope, timeout: number, idle: number): () => void {
  const { clock } = currentRuntime();
  const end = clock.now() + timeout;
  return () => (scope.deadline = Math.min(clock.now() + idle, end));
}
