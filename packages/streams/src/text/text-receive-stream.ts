import { BrokenResourceError, DelimiterNotFound, type WaitOptions } from "@arborio/core";
import { checkCount } from "../arguments.ts";
import type { ByteReceiveStream } from "../byte-streams.ts";
import { receiveAll } from "../iteration.ts";
import { ReceiveLayer } from "../layer.ts";
import type { ObjectReceiveStream } from "../object-streams.ts";

/** How bytes are read as text. */
export interface TextOptions {
  /** A label of the platform's TextDecoder; `utf-8` if not said. */
  readonly encoding?: string | undefined;
  /** Whether bytes that are no such text are an error, as they are if not said; else each becomes U+FFFD. */
  readonly fatal?: boolean | undefined;
}

/** How text is read line by line. */
export interface LinesOptions extends WaitOptions {
  /** The length of the longest line there may be, in UTF-16 units, without its end; 65,536 if not said. */
  readonly maxLength?: number | undefined;
}

/**
 * Text that comes in as bytes, in pieces as they come; a character cut by their borders is held back until it is whole.
 *
 * **Throws** BrokenResourceError, again and again, where the bytes are no such text. RangeError for an unknown encoding, at once.
 */
export class TextReceiveStream<S extends ByteReceiveStream = ByteReceiveStream>
  extends ReceiveLayer<S>
  implements ObjectReceiveStream<string>
{
  readonly #decoder: TextDecoder;
  /** The beginning of a line, with no end of a line in it. */
  #head = "";
  /** What was not yet searched. */
  #rest = "";
  #failure: Error | undefined;

  constructor(stream: S, { encoding = "utf-8", fatal = true }: TextOptions = {}) {
    super(stream);
    this.#decoder = new TextDecoder(encoding, { fatal });
  }

  receive(options?: WaitOptions): Promise<string> {
    return this.find((end) => {
      this.#look(end);
      const text = this.#head + this.#rest;
      this.#head = this.#rest = "";
      if (text !== "") return text;
      if (end !== undefined) throw end;
      return undefined;
    }, options);
  }

  /**
   * Lines, without their `\n` or `\r\n`; the last one may have none. Leaving the loop loses nothing: what was not yet given is
   * received next, by line or otherwise.
   *
   * **Throws** DelimiterNotFound for a longer line than there may be: what came of it stays.
   */
  lines({ maxLength = 65_536, signal }: LinesOptions = {}): AsyncIterableIterator<string> {
    checkCount("read lines", "maxLength", maxLength);
    return receiveAll(() => this.find((end) => this.#line(maxLength, end), { signal }));
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<string> {
    return receiveAll(() => this.receive());
  }

  /** @internal */
  protected absorb(bytes?: Uint8Array): void {
    try {
      this.#rest += this.#decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      const { encoding } = this.#decoder;
      throw (this.#failure = new BrokenResourceError(`Cannot receive: the bytes are no ${encoding}`, { cause }));
    }
  }

  #look(end: unknown): void {
    if (this.#failure !== undefined) throw this.#failure;
    // A character that was held back will not become whole.
    if (end !== undefined) this.absorb();
  }

  #line(maxLength: number, end: unknown): string | undefined {
    this.#look(end);
    const at = this.#rest.indexOf("\n");
    let line = this.#head + (at < 0 ? this.#rest : this.#rest.slice(0, at));
    // Only a line at the limit is looked at: it is flattened by that.
    if (line.length > maxLength && line.length - Number(line.endsWith("\r")) > maxLength)
      throw new DelimiterNotFound(`Cannot receive: the line is longer than ${String(maxLength)}`);
    if (at < 0 && end === undefined) {
      this.#head = line;
      this.#rest = "";
      return undefined;
    }
    if (at < 0 && line === "") throw end;
    if (at >= 0 && line.endsWith("\r")) line = line.slice(0, -1);
    this.#head = "";
    this.#rest = at < 0 ? "" : this.#rest.slice(at + 1);
    return line;
  }
}
