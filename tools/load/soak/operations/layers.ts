import {
  BufferedByteStream,
  FrameStream,
  isError,
  receiveThrough,
  sendThrough,
  taskGroup,
  TextStream,
} from "arborio";
import { operations, type Act, type Operation } from "../act.ts";
import { CUT } from "../cut.ts";
import { check, checkEqual } from "../fault.ts";
import { bytesOf, checkBytes } from "../pattern.ts";
import { transports, type Pair } from "../transports.ts";
import { checkEnd, onPair, receiveAll, receivePrefix, sendAll } from "./byte-streams.ts";

const MESSAGES = 8;
const LONGEST = 3_000;
const DELIMITER = new TextEncoder().encode("\r\n");

/** What layers promise over each transport: messages are whole, and a cancelled receive loses nothing. */
export const layers: readonly Operation[] = transports.flatMap((transport) =>
  operations(transport.name, {
    "receive by count": onPair(transport, byCount),
    "receive by delimiter": onPair(transport, byDelimiter),
    frames: onPair(transport, frames),
    "frames cut": onPair(transport, framesCut),
    lines: onPair(transport, lines),
    text: onPair(transport, text),
    gzip: onPair(transport, gzip),
  }),
);

async function byCount(act: Act, [near, far]: Pair): Promise<void> {
  const sequence = act.world.number();
  const count = act.random.whole(1, MESSAGES * LONGEST);
  const stream = new BufferedByteStream(far);
  await taskGroup(async (group) => {
    group.spawn(() => sendAll(act, near, sequence, count));
    for (let came = 0; came < count;) {
      const length = Math.min(act.random.whole(1, LONGEST), count - came);
      const ahead = act.random.chance(0.5);
      if (ahead) checkBytes(sequence, came, await act.insist((options) => stream.peek(length, options)));
      const bytes = await act.insist((options) => stream.receiveExactly(length, options));
      checkEqual(bytes.length, length, "the number of bytes");
      checkBytes(sequence, came, bytes);
      came += length;
    }
    await checkEnd(act, stream);
  });
}

async function byDelimiter(act: Act, [near, far]: Pair): Promise<void> {
  const messages = messagesOf(act);
  const stream = new BufferedByteStream(far);
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (const message of messages) {
        await near.send(new TextEncoder().encode(message));
        await near.send(DELIMITER);
      }
    });
    for (const message of messages) {
      const bytes = await act.insist((options) => stream.receiveUntil(DELIMITER, 4 * LONGEST, options));
      checkEqual(new TextDecoder().decode(bytes), message, "the message");
    }
  });
}

async function frames(act: Act, [near, far]: Pair): Promise<void> {
  const sequence = act.world.number();
  const lengths = lengthsOf(act);
  const [sender, receiver] = [new FrameStream(near), new FrameStream(far)];
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (const [at, length] of lengths.entries()) await sender.send(bytesOf(sequence + at, 0, length));
      await sender.sendEof();
    });
    for (const [at, length] of lengths.entries()) {
      const frame = await act.insist((options) => receiver.receive(options));
      checkEqual(frame.length, length, "the length of the frame");
      checkBytes(sequence + at, 0, frame);
    }
    await checkEnd(act, receiver);
  });
}

/** Frames whose sends are cut: those that come are whole, and each that was sent comes. */
async function framesCut(act: Act, [near, far]: Pair): Promise<void> {
  const sequence = act.world.number();
  const [sender, receiver] = [new FrameStream(near), new FrameStream(far)];
  const sent: number[] = [];
  const came: number[] = [];
  await taskGroup((group) => {
    group.spawn(async () => {
      for (let number = 0; number < MESSAGES; number++) {
        const frame = new Uint8Array([
          number,
          ...bytesOf(sequence + number, 0, act.random.whole(0, LONGEST)),
        ]);
        const outcome = await act
          .cut((options) => sender.send(frame, options))
          .catch((error: unknown) => {
            check(act.cuts > 0 && isError(error, "BrokenResourceError"), `a send failed: ${String(error)}`);
            return CUT;
          });
        if (outcome !== CUT) sent.push(number);
      }
      await sender.close();
    });
    group.spawn(async () => {
      const ends = ["EndOfStream", "IncompleteRead", "BrokenResourceError"] as const;
      try {
        for (;;) {
          const [number = -1, ...rest] = await receiver.receive();
          checkBytes(sequence + number, 0, Uint8Array.from(rest));
          came.push(number);
        }
      } catch (error) {
        if (!ends.some((name) => isError(error, name))) throw error;
      }
    });
  });
  checkEqual(came.slice(0, sent.length).join(" "), sent.join(" "), "the frames that came");
}

async function lines(act: Act, [near, far]: Pair): Promise<void> {
  const messages = messagesOf(act);
  const [sender, receiver] = [new TextStream(near), new TextStream(far)];
  await taskGroup(async (group) => {
    group.spawn(() => sender.send(messages.map((message) => `${message}\n`).join("")));
    for (const message of messages) {
      const line = await act.insist((options) => receiver.lines(options).next());
      checkEqual(line.value, message, "the line");
    }
  });
}

async function text(act: Act, [near, far]: Pair): Promise<void> {
  const [sender, receiver] = [new TextStream(near), new TextStream(far)];
  const whole = messagesOf(act).join("");
  await taskGroup(async (group) => {
    group.spawn(() => sender.send(whole).then(() => sender.sendEof()));
    let came = "";
    while (came.length < whole.length) came += await act.insist((options) => receiver.receive(options));
    checkEqual(came, whole, "the text");
    await checkEnd(act, receiver);
  });
}

async function gzip(act: Act, [near, far]: Pair): Promise<void> {
  const sequence = act.world.number();
  const count = act.random.whole(1, MESSAGES * LONGEST);
  const sender = sendThrough(near, new CompressionStream("gzip"));
  const receiver = receiveThrough(far, new DecompressionStream("gzip"));
  await taskGroup(async (group) => {
    group.spawn(() => sendAll(act, sender, sequence, count));
    await receiveAll(act, receiver, sequence, count);
    await checkEnd(act, receiver);
    // Some close only when the other side has seen the end.
    group.spawn(() => receivePrefix(near, 0));
    await receiver.close();
  });
}

function lengthsOf({ random }: Act): number[] {
  return Array.from({ length: MESSAGES }, () => random.whole(0, LONGEST));
}

/** Texts of characters of one to four bytes. */
function messagesOf(act: Act): string[] {
  return lengthsOf(act).map((length, number) =>
    Array.from(
      { length: Math.max(1, length >> 2) },
      (_, at) => ["a", "ß", "€", "𝄞"][(at + number) % 4]!,
    ).join(""),
  );
}
