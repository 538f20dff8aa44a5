import { show } from "@arborio/core/lowlevel";

/** What bytes are as text; where some are none, the text before those, and what the platform says. */
export interface Decoded {
  readonly text: string;
  readonly failure?: { readonly cause: unknown };
}

/** Decodes text that comes in pieces; after a failure it must not be used. */
export interface Decoder {
  /** Without bytes: at the end, where a character that was held back will not become whole. */
  decode(bytes: Uint8Array | undefined): Decoded;
}

/** @throws RangeError for an encoding that the platform does not know */
export function platformDecoder(encoding: string | undefined, fatal: boolean): TextDecoder {
  try {
    return new TextDecoder(encoding, { fatal });
  } catch {
    throw new RangeError(
      `Cannot receive: encoding must be one the platform knows, received ${show(encoding)}`,
    );
  }
}

/** A decoder of the platform's, for which a failure is an exception that loses the text before it. */
export function createDecoder(platform: TextDecoder): Decoder {
  const { encoding, fatal } = platform;
  if (!fatal) return { decode: (bytes) => ({ text: step(platform, bytes) }) };
  return encoding === "utf-8"
    ? new Utf8(platform)
    : new Twins(platform, new TextDecoder(encoding, { fatal }));
}

const LONGEST_CHARACTER = 4;

/** UTF-8 tells of each byte where its character begins: what a decoder holds back is known without another one. */
class Utf8 implements Decoder {
  readonly #platform: TextDecoder;
  /** The end of what came; all of it, if that is shorter than a character can be. */
  #tail = new Uint8Array();

  constructor(platform: TextDecoder) {
    this.#platform = platform;
  }

  decode(bytes?: Uint8Array): Decoded {
    try {
      const text = step(this.#platform, bytes);
      if (bytes) this.#keep(bytes);
      return { text };
    } catch (cause) {
      return bytes ? new Twins(this.#again(), this.#again()).decode(bytes) : { text: "", failure: { cause } };
    }
  }

  #keep(bytes: Uint8Array): void {
    const more = bytes.length >= LONGEST_CHARACTER ? [] : this.#tail;
    this.#tail = new Uint8Array([...more, ...bytes.subarray(-LONGEST_CHARACTER)]).slice(-LONGEST_CHARACTER);
  }

  /** A decoder that holds back what the platform's did when the last bytes came. */
  #again(): TextDecoder {
    const tail = this.#tail;
    const all = tail.length < LONGEST_CHARACTER;
    for (let from = all ? 0 : 1; ; from++) {
      // Within a text U+FEFF is a character.
      const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: !all });
      try {
        if (step(decoder, tail.subarray(from)) === "" || all) return decoder;
      } catch {
        // It begins within a character.
      }
    }
  }
}

/** How much is decoded at once: after a failure so much is decoded byte by byte. */
const PIECE = 4_096;

/** Two decoders of the platform's in the same state: what the first fails at shows the second how far the text goes. */
class Twins implements Decoder {
  readonly #first: TextDecoder;
  readonly #second: TextDecoder;

  constructor(first: TextDecoder, second: TextDecoder) {
    this.#first = first;
    this.#second = second;
  }

  decode(bytes?: Uint8Array): Decoded {
    let text = "";
    for (const piece of bytes ? piecesOf(bytes, PIECE) : [undefined]) {
      try {
        text += step(this.#first, piece);
      } catch (cause) {
        return { text: text + beginning(this.#second, piece), failure: { cause } };
      }
      step(this.#second, piece);
    }
    return { text };
  }
}

/** The text before the first byte of a piece that the decoder fails at. */
function beginning(decoder: TextDecoder, piece: Uint8Array = new Uint8Array()): string {
  let text = "";
  try {
    for (const byte of piecesOf(piece, 1)) text += step(decoder, byte);
  } catch {
    // It fails, as its twin did.
  }
  return text;
}

function* piecesOf(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

function step(decoder: TextDecoder, bytes: Uint8Array | undefined): string {
  return decoder.decode(bytes, { stream: bytes !== undefined });
}
