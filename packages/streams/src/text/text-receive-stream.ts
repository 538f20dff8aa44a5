import { DelimiterNotFound, type WaitOptions } from "@arborio/core";
import { markOrigin } from "@arborio/core/lowlevel";
import { checkCount } from "../arguments.ts";
import type { ByteReceiveStream } from "../byte-streams.ts";
import { brokenError } from "../errors.ts";
import { receiveAll } from "../iteration.ts";
import { ReceiveLayer } from "../layer.ts";
import type { ObjectReceiveStream } from "../object-streams.ts";
import { createDecoder, platformDecoder, type Decoder } from "./decoder.ts";

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
 * **Throws** BrokenResourceError, again and again, where the bytes are no such text: after the text that came before them. RangeError
 * for an unknown encoding, at once.
 */
export class TextReceiveStream<S extends ByteReceiveStream = ByteReceiveStream>
  extends ReceiveLayer<S, string>
  implements ObjectReceiveStream<string>
{
  readonly #encoding: string;
  readonly #decoder: Decoder;
  /** The beginning of a line, with no end of a line in it. */
  #head = "";
  /** What was not yet searched. */
  #rest = "";
  /** Why the bytes after `#rest` are no text. */
  #failure: Error | undefined;

  constructor(stream: S, { encoding, fatal = true }: TextOptions = {}) {
    super(stream);
    const platform = platformDecoder(encoding, fatal);
    this.#encoding = platform.encoding;
    this.#decoder = createDecoder(platform);
  }

  receive(options?: WaitOptions): Promise<string> {
    return this.find(() => this.#take(this.#rest.length) || this.#noMore(), options);
  }

  /**
   * Lines, without their `\n` or `\r\n`; the last one may have none. Leaving the loop loses nothing: what was not yet given is
   * received next, by line or otherwise.
   *
   * **Throws** DelimiterNotFound for a longer line than there may be: what came of it stays, as does the beginning of a line in
   * which the bytes are no text.
   */
  lines({ maxLength = 65_536, signal }: LinesOptions = {}): AsyncIterableIterator<string> {
    checkCount("receive", "maxLength", maxLength);
    return receiveAll(() => this.find((end) => this.#line(maxLength, end), { signal }));
  }

  /** @internal */
  protected override absorb(bytes?: Uint8Array): void {
    const { text, failure } = this.#decoder.decode(bytes);
    this.#rest += text;
    const why = `the bytes are no ${this.#encoding}`;
    if (failure) this.#failure = markOrigin(brokenError("receive", why, failure), this);
  }

  /** @throws why the bytes are no text, if they are none */
  #noMore(): undefined {
    if (this.#failure) throw this.#failure;
  }

  /** All up to there. */
  #take(length: number): string {
    const text = this.#head + this.#rest.slice(0, length);
    this.#head = "";
    this.#rest = this.#rest.slice(length);
    return text;
  }

  #line(maxLength: number, end: Error | undefined): string | undefined {
    const at = this.#rest.indexOf("\n");
    const line = this.#take(at < 0 ? this.#rest.length : at);
    // Only a line at the limit is looked at: looking flattens it, and must not be done for each chunk.
    const tooLong = line.length > maxLength && line.replace(/\r$/, "").length > maxLength;
    const unfinished = at < 0 && (!end || this.#failure !== undefined);
    if (tooLong || unfinished) this.#head = line;
    if (tooLong) {
      const reason = `Cannot receive: the line is longer than ${maxLength}`;
      throw markOrigin(new DelimiterNotFound(reason), this);
    }
    if (at >= 0) this.#rest = this.#rest.slice(1);
    else if (unfinished || line === "") return this.#noMore();
    return at < 0 ? line : line.replace(/\r$/, "");
  }
}
