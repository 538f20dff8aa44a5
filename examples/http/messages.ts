import HttpParser from "bare-http-parser";
import { failAfter, isError, type ByteReceiveStream } from "arborio";

const { DATA, END } = HttpParser.constants;

export type Event = HttpParser.Event;
export type Headers = HttpParser.Headers;

/**
 * What one side of a connection says, parsed as it is asked for: at most one chunk is ahead, so who does not ask slows the
 * other side down, and the messages of a pipeline wait for their turn. **Cancellation** loses nothing.
 */
export class Messages {
  readonly #stream: ByteReceiveStream;
  readonly #parser: HttpParser;
  #events: Iterator<Event> = [].values();
  #ahead: Event | undefined;
  #ended = false;

  constructor(stream: ByteReceiveStream, headerBytes: number) {
    this.#stream = stream;
    this.#parser = new HttpParser({ maxHeaderSize: headerBytes, maxHeadersCount: 100 });
  }

  /** Waits until a message begins, or the other side has ended: false. */
  async begins(): Promise<boolean> {
    this.#ahead ??= this.#parsed();
    if (this.#ahead === undefined && !this.#ended) await this.#more();
    return this.#ahead !== undefined || !this.#ended;
  }

  /** The next event; undefined after the last. Throws the parser's error, with a `code`. */
  async next(): Promise<Event | undefined> {
    for (;;) {
      const event = this.#ahead ?? this.#parsed();
      this.#ahead = undefined;
      if (event !== undefined || this.#ended) return event;
      await this.#more();
    }
  }

  /** The response that comes next has no body, whatever its header says. */
  skipBody(): void {
    this.#parser.skipBody();
  }

  /**
   * The body of the message whose header came last, to its end. Leaving the loop does not end it.
   * @param before is called before each part is waited for
   * @param limit ms for a part to come
   */
  body(before?: () => Promise<void>, limit?: number): AsyncIterableIterator<Uint8Array> {
    let over = false;
    const iterator: AsyncIterableIterator<Uint8Array> = {
      next: async () => {
        if (over) return { done: true, value: undefined };
        await before?.();
        const event = await failAfter(limit, () => this.next(), { reason: "the body is late" });
        if (event?.type === DATA) return { done: false, value: event.data };
        if (event?.type !== END) throw new Error("Cannot read the body: the message is out of order");
        over = true;
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  #parsed(): Event | undefined {
    const { done, value } = this.#events.next();
    return done === true ? undefined : value;
  }

  async #more(): Promise<void> {
    try {
      this.#events = this.#parser.push(await this.#stream.receive());
    } catch (error) {
      if (!isError(error, "EndOfStream")) throw error;
      this.#ended = true;
      this.#events = this.#parser.end();
    }
  }
}
