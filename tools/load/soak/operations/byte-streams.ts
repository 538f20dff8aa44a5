import {
  isError,
  taskGroup,
  type ByteReceiveStream,
  type ByteSendStream,
  type ByteStream,
  type ObjectReceiveStream,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT, moment } from "../cut.ts";
import { check, checkEqual, outcomeOf } from "../fault.ts";
import { bytesOf, checkBytes } from "../pattern.ts";
import { transports, type Pair, type Transport } from "../transports.ts";

const LONGEST_MESSAGE = 40_000;
/** More than a connection's buffers take at once, so that sends wait. */
const LONG = 1 << 20;

/** What byte streams promise, on each transport. */
export const byteStreams: readonly Operation[] = transports.flatMap((transport) =>
  operations(transport.name, {
    receive: onPair(transport, receive),
    send: onPair(transport, send),
    "long send": onPair(transport, longSend),
    "both ways": onPair(transport, bothWays),
    "half-close": onPair(transport, halfClose),
    close: onPair(transport, close),
    "close under a wait": onPair(transport, closeUnderWait),
    conversation: (act) => conversation(act, transport),
  }),
);

/** Opens a pair for `use`, and closes it. */
export function onPair(transport: Transport, use: (act: Act, pair: Pair) => Promise<void>): Operation["run"] {
  return async (act) => {
    const pair = await transport.open(act.world);
    try {
      await use(act, pair);
    } finally {
      for (const end of pair) end.closeForcefully();
    }
  };
}

/** M6: a cancelled receive loses no bytes. */
async function receive(act: Act, [near, far]: Pair): Promise<void> {
  const sequence = act.world.number();
  const count = act.random.whole(1, 4 * LONGEST_MESSAGE);
  await taskGroup(async (group) => {
    group.spawn(() => sendAll(act, near, sequence, count));
    await receiveAll(act, far, sequence, count);
    await checkEnd(act, far);
  });
}

/** M7: what sends took has come in order; after one that was cut no other passes, unless that one had not begun. */
async function send(act: Act, pair: Pair): Promise<void> {
  await sendCut(act, pair, LONGEST_MESSAGE);
}

async function longSend(act: Act, pair: Pair): Promise<void> {
  await sendCut(act, pair, LONG);
}

async function sendCut(act: Act, [near, far]: Pair, longest: number): Promise<void> {
  const sequence = act.world.number();
  let sent = 0;
  let most = 0;
  let broken = false;
  const sending = async (): Promise<void> => {
    for (let left = 6; left > 0 && !broken; left--) {
      const bytes = bytesOf(sequence, sent, act.random.whole(1, longest));
      most = Math.max(most, sent + bytes.length);
      const outcome = await act.cut((options) => near.send(bytes, options)).catch(refused);
      if (outcome === "refused") broken = true;
      else if (outcome !== CUT) sent += bytes.length;
      if (act.random.chance(0.3)) await moment(act.random);
    }
    await near.close();
  };
  const refused = (error: unknown): "refused" => {
    check(act.cuts > 0, `a send failed that no cancel came before: ${String(error)}`);
    check(isError(error, "BrokenResourceError"), `a send after one that was cut: ${String(error)}`);
    return "refused";
  };
  let came = 0;
  await taskGroup((group) => {
    group.spawn(sending);
    group.spawn(async () => {
      came = await receivePrefix(far, sequence);
    });
  });
  check(came >= sent, `${String(sent)} bytes were taken, ${String(came)} came`);
  check(came <= most, `${String(most)} bytes were sent at most, ${String(came)} came`);
  if (act.cuts === 0) checkEqual(came, sent, "the number of bytes that came");
}

async function bothWays(act: Act, [near, far]: Pair): Promise<void> {
  await taskGroup((group) => {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      const sequence = act.world.number();
      const count = act.random.whole(1, 2 * LONGEST_MESSAGE);
      group.spawn(() => sendAll(act, from, sequence, count));
      group.spawn(async () => {
        await receiveAll(act, to, sequence, count);
        await checkEnd(act, to);
      });
    }
  });
}

async function halfClose(act: Act, [near, far]: Pair): Promise<void> {
  const sequence = act.world.number();
  const count = act.random.whole(1, LONGEST_MESSAGE);
  let cut = false;
  await taskGroup((group) => {
    // Some wait until the other side has seen the end.
    group.spawn(async () => {
      cut = (await act.cut((options) => near.sendEof(options))) === CUT;
      if (cut) near.closeForcefully();
    });
    group.spawn(async () =>
      checkEqual(await receivePrefix(far, sequence), 0, "the number of bytes that came"),
    );
  });
  if (cut) return;
  await checkEnd(act, far);
  const error = await outcomeOf(() => near.send(bytesOf(sequence, 0, 1)));
  check(isError(error, "ClosedResourceError"), `a send after sendEof: ${String(error)}`);
  await taskGroup(async (group) => {
    group.spawn(() => sendAll(act, far, sequence, count));
    await receiveAll(act, near, sequence, count);
    await checkEnd(act, near);
  });
}

/** M5: a close closes, also when it is cancelled. */
async function close(act: Act, [near, far]: Pair): Promise<void> {
  const receiving = receivePrefix(far, 0);
  await act.cut((options) => near.close(options));
  await near.close();
  for (const use of [() => near.receive(), () => near.send(bytesOf(0, 0, 1))]) {
    const error = await outcomeOf(use);
    check(isError(error, "ClosedResourceError"), `a use after close: ${String(error)}`);
  }
  checkEqual(await receiving, 0, "the number of bytes that came");
}

/** M4: who waits is told that it was closed, by which side; a second one is busy. */
async function closeUnderWait(act: Act, [near, far]: Pair): Promise<void> {
  const closing = act.random.pick([near, far]);
  const right = closing === far ? "ClosedResourceError" : undefined;
  await taskGroup(async (group) => {
    const waiting = group.spawn(() => outcomeOf(() => act.cut((options) => far.receive(1, options))));
    await moment(act.random);
    const second = await outcomeOf(() => far.receive(1, { signal: AbortSignal.abort("second") }));
    check(second === "second" || isError(second, "BusyResourceError"), `a second receive: ${String(second)}`);
    closing.closeForcefully();
    const error = await waiting.result();
    // It may have come while the second one was about to be told.
    const ends = [right ?? "EndOfStream", right ?? "BrokenResourceError", "BusyResourceError"] as const;
    check(
      error === CUT || ends.some((name) => isError(error, name)),
      `a receive whose stream was closed: ${String(error)}`,
    );
  });
}

/** All of it under one cancel: what is open is closed, and nothing is left. */
async function conversation(act: Act, transport: Transport): Promise<void> {
  await act.cut(async () => {
    const pair = await transport.open(act.world);
    try {
      await bothWays(act, pair);
    } finally {
      for (const end of pair) await end[Symbol.asyncDispose]();
    }
  });
}

/** Sends so many bytes of a sequence, in pieces, and ends. */
export async function sendAll(
  { random }: Act,
  stream: ByteStream | ByteSendStream,
  sequence: number,
  count: number,
): Promise<void> {
  for (let sent = 0; sent < count;) {
    const length = Math.min(random.whole(1, LONGEST_MESSAGE), count - sent);
    await stream.send(bytesOf(sequence, sent, length));
    sent += length;
    if (random.chance(0.2)) await moment(random);
  }
  await ("sendEof" in stream ? stream.sendEof() : stream.close());
}

/** Receives so many bytes of a sequence, under cancels. */
export async function receiveAll(
  act: Act,
  stream: ByteReceiveStream,
  sequence: number,
  count: number,
): Promise<void> {
  for (let came = 0; came < count;) {
    const most = act.random.pick([1, 100, LONGEST_MESSAGE, 65_536]);
    const bytes = await act.insist((options) => stream.receive(most, options));
    check(bytes.length > 0 && bytes.length <= most, `${String(bytes.length)} bytes came of ${String(most)}`);
    checkBytes(sequence, came, bytes);
    came += bytes.length;
  }
}

/** That nothing more comes. */
export async function checkEnd(
  act: Act,
  stream: ByteReceiveStream | ObjectReceiveStream<unknown>,
): Promise<void> {
  const receive = stream.receive.bind(stream) as ByteReceiveStream["receive"];
  const after = await outcomeOf(() => act.insist(() => receive()));
  check(isError(after, "EndOfStream"), `after the end came ${String(after)}`);
}

/** Receives bytes of a sequence until the stream ends or breaks; gives how many came. */
export async function receivePrefix(stream: ByteReceiveStream, sequence: number): Promise<number> {
  let came = 0;
  try {
    for (;;) {
      const bytes = await stream.receive();
      checkBytes(sequence, came, bytes);
      came += bytes.length;
    }
  } catch (error) {
    if (isError(error, "EndOfStream") || isError(error, "BrokenResourceError")) return came;
    throw error;
  }
}
