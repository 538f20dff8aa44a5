import { BufferedByteStream, Lock, taskGroup, type ByteStream } from "arborio";
import { receiveReply, RedisError, type Reply } from "./replies.ts";

/** A word of a command. */
export type Word = string | number | Uint8Array;
export type Command = readonly Word[];

const BATCH = 16_384;

/**
 * A connection to Redis. Tasks may share it: each command, or pipeline, has it to itself, in order.
 *
 * **Cancellation** It closes the connection: replies to what was sent would be taken for those to what comes next.
 */
export class RedisClient implements AsyncDisposable {
  readonly #stream: BufferedByteStream;
  readonly #turn: Lock = new Lock();

  constructor(stream: ByteStream) {
    this.#stream = new BufferedByteStream(stream);
  }

  /** Throws RedisError if that is the reply. */
  async command(...words: Command): Promise<Reply> {
    const [reply = null] = await this.pipeline([words]);
    if (reply instanceof RedisError) throw reply;
    return reply;
  }

  /** Sends commands without waiting for the replies, and gives these in order; errors are among them. */
  pipeline(commands: readonly Command[]): Promise<Reply[]> {
    return this.#turn.with(async () => {
      let whole = false;
      try {
        const replies = await this.#exchange(commands);
        whole = true;
        return replies;
      } finally {
        if (!whole) this.#stream.closeForcefully();
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stream[Symbol.asyncDispose]();
  }

  /** Sending is a task of its own: Redis stops reading when nobody reads its replies. */
  #exchange(commands: readonly Command[]): Promise<Reply[]> {
    return taskGroup(async (group) => {
      group.spawn(() => this.#send(commands));
      const replies: Reply[] = [];
      while (replies.length < commands.length) replies.push(await receiveReply(this.#stream));
      return replies;
    });
  }

  async #send(commands: readonly Command[]): Promise<void> {
    let batch: Uint8Array[] = [];
    let size = 0;
    for (const command of commands) {
      for (const part of encode(command)) size += batch.push(part) && part.length;
      if (size < BATCH) continue;
      await this.#stream.send(concat(batch, size));
      [batch, size] = [[], 0];
    }
    if (size > 0) await this.#stream.send(concat(batch, size));
  }
}

const encoder = new TextEncoder();

/** A command is an array of bulk strings. */
function encode(command: Command): Uint8Array[] {
  if (command.length === 0) throw new RangeError("Cannot send the command: it needs a word, received none");
  const words = command.map((word) => (word instanceof Uint8Array ? word : encoder.encode(String(word))));
  return [
    encoder.encode(`*${String(words.length)}\r\n`),
    ...words.flatMap((word) => [encoder.encode(`$${String(word.length)}\r\n`), word, encoder.encode("\r\n")]),
  ];
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
