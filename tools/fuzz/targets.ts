import {
  BufferedByteReceiveStream,
  createMemoryByteStreams,
  FrameReceiveStream,
  TextReceiveStream,
} from "@arborio/streams";
import { isError } from "@arborio/core";
import fc from "fast-check";

// No package exports these. By their addresses, as a path into a package's sources is none of the build's.
const sources = new URL("../../packages/", import.meta.url);
const { recordLength } = (await import(new URL("backend-node/src/record-duplex.ts", sources).href)) as {
  readonly recordLength: (bytes: Buffer) => number;
};
const { familyOf, isServerName, toAsciiHost } = (await import(
  new URL("net/src/host-name.ts", sources).href
)) as {
  readonly familyOf: (host: string) => "ipv4" | "ipv6" | undefined;
  readonly isServerName: (name: string) => boolean;
  readonly toAsciiHost: (action: string, host: string) => string;
};

/** What is fuzzed: an input, and a check that throws if the answer to it is wrong. */
export interface Target {
  readonly name: string;
  readonly property: () => fc.IAsyncProperty<unknown>;
}

function target<T>(name: string, input: fc.Arbitrary<T>, check: (input: T) => void | Promise<void>): Target {
  const property = (): fc.IAsyncProperty<unknown> => fc.asyncProperty(input, async (value) => check(value));
  return { name, property };
}

function expect(condition: boolean, what: string): void {
  if (!condition) throw new Error(what);
}

// Inputs.

const hostParts = fc.oneof(
  fc.constantFrom(
    ".",
    ":",
    "::",
    "%",
    "[",
    "]",
    "1",
    "255",
    "ffff",
    "xn--",
    "a",
    "ß",
    "\u00ad",
    "\u200d",
    "。",
    "-",
    "\0",
    "\n",
  ),
  fc.string({ unit: "binary", maxLength: 5 }),
  fc.ipV4(),
  fc.ipV6(),
  fc.domain(),
);
const hosts = fc
  .tuple(fc.array(hostParts, { maxLength: 12 }), fc.constantFrom(1, 1, 1, 50, 5_000))
  .map(([parts, times]) =>
    parts
      .join("")
      .repeat(times)
      .slice(0, 1 << 20),
  );

/** Bytes, and where they are cut into chunks. */
function cut(bytes: fc.Arbitrary<Uint8Array>): fc.Arbitrary<Uint8Array[]> {
  return fc
    .tuple(bytes, fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }))
    .map(([whole, places]) => {
      const ends = [
        ...places.map((place) => Math.floor(place * whole.length)).sort((a, b) => a - b),
        whole.length,
      ];
      return ends
        .map((end, index) => whole.slice(ends[index - 1] ?? 0, end))
        .filter((chunk) => chunk.length > 0);
    });
}

const bytes = fc.uint8Array({ maxLength: 200 });
const lengths = fc.oneof(fc.nat({ max: 300 }), fc.constantFrom(0xffff, 0x10000, 0xffffffff, 2 ** 31));

// Targets.

const hostNames = target("host-names", hosts, (host) => {
  const begin = performance.now();
  let ascii: string | undefined;
  try {
    ascii = toAsciiHost("connect", host);
  } catch (error) {
    expect(
      error instanceof TypeError && error.message.length <= 300,
      `a short TypeError, received ${String(error)}`,
    );
  }
  // Far more than any takes: one that takes it grows faster than its input.
  expect(performance.now() - begin < 1_000, "it took a second");
  if (ascii === undefined) return;
  expect(ascii.length <= 254 && /^[\w.:%~-]+$/.test(ascii), `an ASCII name, received ${ascii}`);
  expect(toAsciiHost("connect", ascii) === ascii, `${ascii} is another name the second time`);
  if (familyOf(ascii) === undefined) expect(isServerName(ascii), `${ascii} cannot be asked for by TLS`);
});

const record = fc
  .tuple(fc.integer({ min: 18, max: 26 }), fc.constantFrom(3, 3, 3, 2), fc.nat({ max: 4 }), lengths, bytes)
  .map(([type, version, minor, length, body]) =>
    Uint8Array.of(type, version, minor, (length >> 8) & 255, length & 255, ...body),
  );

const records = target(
  "tls-records",
  fc.oneof(
    bytes,
    fc.array(record, { maxLength: 4 }).map((all) => Uint8Array.from(all.flatMap((one) => [...one]))),
  ),
  (input) => {
    const whole = Buffer.from(input);
    const length = recordLength(whole);
    expect(
      length === Infinity || (Number.isInteger(length) && length >= 0),
      `a length, received ${String(length)}`,
    );
    expect(
      length === Infinity || length <= 5 + 2 ** 14 + 2_048 || length === whole.length,
      "longer than a record can be",
    );
    // A split that waits for ever, or gives nothing of something, would hang the connection.
    for (let rest = whole; rest.length > 0;) {
      const first = recordLength(rest);
      if (first > rest.length) break;
      expect(first > 0, "a record of nothing");
      rest = rest.subarray(first);
    }
    // More bytes do not change what is known already.
    if (whole.length >= 5 && length !== whole.length)
      expect(recordLength(Buffer.concat([whole, whole])) === length, "it changed");
  },
);

const frames = target(
  "frames",
  fc.tuple(
    fc.constantFrom(1, 2, 4),
    fc.integer({ min: 1, max: 400 }),
    cut(
      fc
        .array(fc.tuple(lengths, bytes), { maxLength: 4 })
        .map((all) =>
          Uint8Array.from(all.flatMap(([length, body]) => [length >>> 8, length & 255, ...body])),
        ),
    ),
  ),
  async ([lengthBytes, maxBytes, chunks]) => {
    const whole = joined(chunks);
    const stream = new FrameReceiveStream(streamOf(chunks), { lengthBytes, maxBytes });
    const most = Math.min(maxBytes, 256 ** lengthBytes - 1);
    for (let at = 0; ;) {
      const rest = whole.subarray(at);
      const length = rest.subarray(0, lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
      const wanted =
        rest.length === 0
          ? "EndOfStream"
          : rest.length < lengthBytes
            ? "IncompleteRead"
            : length > most
              ? "BrokenResourceError"
              : rest.length < lengthBytes + length
                ? "IncompleteRead"
                : rest.slice(lengthBytes, lengthBytes + length);
      const given = await outcomeOf(stream.receive());
      expect(same(given, wanted), `expected ${String(wanted)}, received ${String(given)}`);
      if (typeof wanted === "string") return;
      at += lengthBytes + length;
    }
  },
);

const delimiters = target(
  "delimiters",
  fc.tuple(
    fc.array(fc.constantFrom(0, 1, 10, 13), { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 40 }),
    cut(fc.array(fc.constantFrom(0, 1, 10, 13), { maxLength: 120 }).map((all) => Uint8Array.from(all))),
  ),
  async ([sought, maxBytes, chunks]) => {
    const stream = new BufferedByteReceiveStream(streamOf(chunks));
    let rest = Buffer.from(joined(chunks));
    for (;;) {
      const at = rest.indexOf(Buffer.from(sought));
      const found = at >= 0 && at <= maxBytes;
      const full = rest.length >= maxBytes + sought.length;
      const wanted = found
        ? rest.subarray(0, at)
        : full
          ? "DelimiterNotFound"
          : rest.length === 0
            ? undefined
            : "IncompleteRead";
      const given = await outcomeOf(stream.receiveUntil(Uint8Array.from(sought), maxBytes));
      const right =
        wanted === undefined ? given === "IncompleteRead" || given === "EndOfStream" : same(given, wanted);
      expect(right, `expected ${String(wanted)}, received ${String(given)}`);
      if (!found) return;
      rest = rest.subarray(at + sought.length);
    }
  },
);

const encodings = [
  "utf-8",
  "utf-8",
  "utf-8",
  "utf-16le",
  "utf-16be",
  "shift_jis",
  "euc-jp",
  "iso-2022-jp",
  "gb18030",
  "big5",
  "windows-1252",
];
const someText = fc.oneof(
  bytes,
  fc.string({ unit: "binary" }).map((all) => new TextEncoder().encode(all)),
  fc.constantFrom("\uFEFF", "\uFFFD", "\r\n", "\x1b$B", "\x1b(B").map((all) => new TextEncoder().encode(all)),
);

const text = target(
  "text",
  fc.tuple(fc.constantFrom(...encodings), cut(fc.array(someText, { maxLength: 5 }).map(joined))),
  async ([encoding, chunks]) => {
    const [sound, valid] = soundText(joined(chunks), encoding);
    const stream = new TextReceiveStream(streamOf(chunks), { encoding });
    let received = "";
    let given: unknown;
    while (typeof (given = await outcomeOf(stream.receive(), "text")) === "object")
      received += (given as { text: string }).text;
    expect(received === sound, `expected ${JSON.stringify(sound)}, received ${JSON.stringify(received)}`);
    expect(
      given === (valid ? "EndOfStream" : "BrokenResourceError"),
      `an end, received ${JSON.stringify(given)}`,
    );
  },
);

/** All of them. */
export const targets: readonly Target[] = [hostNames, records, frames, delimiters, text];

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(chunks));
}

function streamOf(chunks: readonly Uint8Array[]): ReturnType<typeof createMemoryByteStreams>[0] {
  const [near, far] = createMemoryByteStreams(1 << 20);
  void (async () => {
    for (const chunk of chunks) await far.send(chunk);
    await far.sendEof();
  })();
  return near;
}

/** What a receive gives, or the name of the library's error. */
async function outcomeOf(receiving: Promise<unknown>, kind?: "text"): Promise<unknown> {
  try {
    const given = await receiving;
    return kind === undefined ? given : { text: given };
  } catch (error) {
    const names = ["EndOfStream", "IncompleteRead", "BrokenResourceError", "DelimiterNotFound"] as const;
    const name = names.find((one) => isError(error, one));
    if (name === undefined) throw error;
    return name;
  }
}

function same(given: unknown, wanted: Uint8Array | string): boolean {
  if (typeof wanted === "string") return given === wanted;
  return given instanceof Uint8Array && Buffer.compare(given, wanted) === 0;
}

/** The text before the first byte at which the platform's decoder fails, and whether there is none. */
function soundText(whole: Uint8Array, encoding: string): [sound: string, valid: boolean] {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let sound = "";
  try {
    for (const byte of whole) sound += decoder.decode(Uint8Array.of(byte), { stream: true });
    return [sound + decoder.decode(), true];
  } catch {
    return [sound, false];
  }
}
