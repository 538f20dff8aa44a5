import { moveOnAfter } from "@arborio/cancellation";
import { EndOfStream, isError, sleep } from "@arborio/core";
import { TextConnectable, TextReceiveStream, TextSendStream, TextStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint } from "@arborio/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { everywhere, onRealClock, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { bytes, cutAt, memoryOf, memoryPair, openMemoryOf, text } from "./memory-byte-stream.ts";

async function allOf<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Bytes, one by one. */
const single = (all: string): Uint8Array[] => [...bytes(all)].map((byte) => Uint8Array.of(byte));

everywhere("half a character is held back until it is whole", async () => {
  const source = openMemoryOf([bytes("åäö").slice(0, 3)]);
  const stream = new TextReceiveStream(source);
  expect(await stream.receive()).toBe("å");
  source.incoming.push(bytes("åäö").slice(3));
  expect(await stream.receive()).toBe("äö");
});

everywhere("a character cut anywhere is given whole, whatever its length", async () => {
  const parts = await allOf(new TextReceiveStream(memoryOf(single("aé€😀"))));
  expect(parts).toEqual(["a", "é", "€", "😀"]);
});

everywhere("bytes that are no such text are a BrokenResourceError, again and again", async () => {
  const stream = new TextReceiveStream(openMemoryOf(["ok", Uint8Array.of(0xff), "more"]));
  expect(await stream.receive()).toBe("ok");
  for (let i = 0; i < 2; i++) {
    expect(await errorOf(stream.receive())).toMatchObject({
      code: "ERR_BROKEN_RESOURCE",
      message: "Cannot receive: the bytes are no utf-8",
    });
  }
});

everywhere("a character cut by the end is an error too, or replaced", async () => {
  const half = bytes("é").slice(0, 1);
  const strict = new TextReceiveStream(memoryOf(["a", half]));
  expect(await strict.receive()).toBe("a");
  expect(isError(await errorOf(strict.receive()), "BrokenResourceError")).toBe(true);
  const loose = new TextReceiveStream(memoryOf(["a", half]), { fatal: false });
  expect(await allOf(loose)).toEqual(["a", "\uFFFD"]);
  expect(isError(await errorOf(loose.receive()), "EndOfStream")).toBe(true);
});

everywhere("not fatal, what is no such text is replaced", async () => {
  const stream = new TextReceiveStream(memoryOf([Uint8Array.of(0x61, 0xff, 0x62)]), { fatal: false });
  expect(await stream.receive()).toBe("a\uFFFDb");
});

everywhere("any encoding that the platform reads; UTF-8 is what it sends", async () => {
  const [near, far] = memoryPair();
  const stream = new TextStream(near, { encoding: "utf-16le" });
  await far.send(Uint8Array.of(0x61, 0x00, 0x3d));
  await far.send(Uint8Array.of(0xd8, 0x00, 0xde));
  expect(await stream.receive()).toBe("a");
  expect(await stream.receive()).toBe("😀");
  await stream.send("é");
  expect(await far.receive()).toEqual(bytes("é"));
});

everywhere("send encodes; a lone surrogate becomes U+FFFD", async () => {
  const [near, far] = memoryPair();
  const stream = new TextSendStream(near);
  await stream.send("åäö");
  await stream.send("\uD83D");
  expect(text(await far.receive())).toBe("åäö");
  expect(text(await far.receive())).toBe("\uFFFD");
  await stream.close();
  expect(near.closed).toBe("closed");
});

everywhere("both ways: sendEof ends the sending only; close closes both", async () => {
  const [near, far] = memoryPair();
  const stream = new TextStream(near);
  await stream.send("ping");
  await stream.sendEof();
  await far.send(bytes("pong"));
  expect([text(await far.receive()), await stream.receive()]).toEqual(["ping", "pong"]);
  expect(isError(await errorOf(far.receive()), "EndOfStream")).toBe(true);
  await stream.close();
  expect(near.closed).toBe("closed");
});

everywhere("a connectable gives a text stream, in its encoding", async () => {
  const [near, far] = memoryPair();
  await far.send(Uint8Array.of(0x80));
  const stream = await new TextConnectable(
    { connect: async () => near },
    { encoding: "windows-1252" },
  ).connect();
  expect(stream).toBeInstanceOf(TextStream);
  expect(await stream.receive()).toBe("€");
});

everywhere("bad input throws at once", () => {
  const stream = new TextStream(memoryPair()[0]);
  expect(thrownBy(() => stream.send(1 as never))).toEqual(
    new TypeError("Cannot send: it takes a string, received number"),
  );
  expect(thrownBy(() => new TextSendStream(memoryPair()[0]).send(bytes("x") as never))).toBeInstanceOf(
    TypeError,
  );
  expect(thrownBy(() => stream.lines({ maxLength: 0 }))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => new TextReceiveStream(memoryOf([]), { encoding: "no-such" }))).toBeInstanceOf(
    RangeError,
  );
  expect(thrownBy(() => new TextReceiveStream(1 as never))).toBeInstanceOf(TypeError);
});

everywhere("lines are given without their ends, the last one also if it has none", async () => {
  const lines = (...chunks: string[]): Promise<string[]> =>
    allOf(new TextReceiveStream(memoryOf(chunks)).lines());
  expect(await lines("a\nb\r", "\n\n", "c")).toEqual(["a", "b", "", "c"]);
  expect(await lines("a\n")).toEqual(["a"]);
  expect(await lines("\n\r\n")).toEqual(["", ""]);
  expect(await lines("a\rb\r\r\n")).toEqual(["a\rb\r"]);
  expect(await lines()).toEqual([]);
});

everywhere("leaving the loop over lines loses nothing", async () => {
  const stream = new TextReceiveStream(memoryOf(["a\nb\nc", "d\ne"]));
  for await (const line of stream.lines()) {
    expect(line).toBe("a");
    break;
  }
  expect((await stream.lines().next()).value).toBe("b");
  expect(await stream.receive()).toBe("c");
  expect(await stream.receive()).toBe("d\ne");
});

everywhere(
  "a line longer than there may be is DelimiterNotFound, again and again, and nothing is lost",
  async () => {
    for (const chunks of [["ab\nabcd\nx"], single("ab\nabcd\nx")]) {
      const stream = new TextReceiveStream(memoryOf(chunks));
      const lines = stream.lines({ maxLength: 3 });
      expect((await lines.next()).value).toBe("ab");
      for (let i = 0; i < 2; i++)
        expect(await errorOf(lines.next())).toMatchObject({
          code: "ERR_DELIMITER_NOT_FOUND",
          message: "Cannot receive: the line is longer than 3",
        });
      expect(await allOf(stream.lines())).toEqual(["abcd", "x"]);
    }
  },
);

everywhere("a line of just the length there may be is given, whatever ends it", async () => {
  for (const chunks of [["abc\r\nabc\nabc"], single("abc\r\nabc\nabc")]) {
    const stream = new TextReceiveStream(memoryOf(chunks));
    expect(await allOf(stream.lines({ maxLength: 3 }))).toEqual(["abc", "abc", "abc"]);
  }
});

everywhere("M4: busy, closed here, closed meanwhile", async () => {
  const stream = new TextReceiveStream(openMemoryOf([]));
  const waiting = errorOf(stream.receive());
  expect(isError(await errorOf(stream.lines().next()), "BusyResourceError")).toBe(true);
  await sleep(0);
  stream.closeForcefully();
  expect(isError(await waiting, "ClosedResourceError")).toBe(true);
  expect(isError(await errorOf(stream.receive()), "ClosedResourceError")).toBe(true);
});

timed("M6: a cancelled receive loses no text, also within a character", async () => {
  const source = openMemoryOf([]);
  const stream = new TextReceiveStream(source);
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (const byte of single("é€")) {
        await sleep(2);
        source.incoming.push(byte);
      }
    });
    let received = "";
    while (received.length < 2) received += (await moveOnAfter(1, () => stream.receive())) ?? "";
    expect(received).toBe("é€");
  });
});

test("it can be cancelled at every point", async () => {
  for (const seed of [undefined, 1]) {
    await cancelAtEveryPoint(
      async ({ track }) => {
        const source = memoryOf(single("é\nab\r\n"));
        const closed = track("the stream");
        const stream = new TextReceiveStream(source);
        try {
          expect(await allOf(stream.lines())).toEqual(["é", "ab"]);
        } finally {
          await stream[Symbol.asyncDispose]();
          closed();
        }
      },
      seed === undefined ? {} : { seed },
    );
  }
});

const anyText = fc.string({ unit: fc.constantFrom("a", "é", "€", "😀", "\n", "\r", "\r\n"), maxLength: 30 });
const places = fc.array(fc.nat(100), { maxLength: 20 });

onRealClock("any chunking of any text gives the same text", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, places, async (all, cuts) => {
      const chunks = cutAt(bytes(all), cuts);
      expect((await allOf(new TextReceiveStream(memoryOf(chunks)))).join("")).toBe(all);
    }),
    { numRuns: 300, seed: 1 },
  );
});

onRealClock("any chunking of any bytes is decoded as the platform decodes them at once", async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 30 }), places, fc.boolean(), async (all, cuts, fatal) => {
      const stream = new TextReceiveStream(memoryOf(cutAt(all, cuts)), { fatal });
      const received = await allOf(stream).then(
        (parts) => parts.join(""),
        () => "broken",
      );
      let expected = "broken";
      try {
        expected = new TextDecoder("utf-8", { fatal }).decode(all);
      } catch {
        // It is broken.
      }
      expect(received).toBe(expected);
    }),
    { numRuns: 300, seed: 1 },
  );
});

onRealClock("any chunking of any text gives the same lines, and fails at the same", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, places, fc.integer({ min: 1, max: 6 }), async (all, cuts, maxLength) => {
      const stream = new TextReceiveStream(memoryOf(cutAt(bytes(all), cuts)));
      const raw = all.split("\n");
      const bare = raw.map((line) => line.replace(/\r$/, ""));
      const lines = [...bare.slice(0, -1), ...raw.slice(-1).filter((last) => last !== "")];
      const tooLong = bare.findIndex(({ length }) => length > maxLength);
      const given: string[] = [];
      const error = await (async () => {
        for await (const line of stream.lines({ maxLength })) given.push(line);
      })().catch((reason: Error) => reason.name);
      if (tooLong < 0) expect([error, given]).toEqual([undefined, lines]);
      else expect([error, given]).toEqual(["DelimiterNotFound", lines.slice(0, tooLong)]);
    }),
    { numRuns: 300, seed: 1 },
  );
});

timed("M6: random cancellations lose no line", async () => {
  await fc.assert(
    fc.asyncProperty(anyText, places, fc.array(fc.nat(3)), async (all, cuts, times) => {
      const source = openMemoryOf([]);
      const stream = new TextReceiveStream(source, { fatal: false });
      let received = "";
      const line = async (): Promise<void> => {
        const { value } = (await stream.lines().next()) as { value: string };
        received += `${value}\n`;
      };
      await taskGroup(async (group) => {
        group.spawn(async () => {
          for (const chunk of cutAt(bytes(`${all}\n`), cuts)) {
            await sleep(1);
            source.incoming.push(chunk);
          }
        });
        for (const time of times) await moveOnAfter(time, line);
      });
      source.incoming.finish(new EndOfStream());
      for await (const rest of stream.lines()) received += `${rest}\n`;
      expect(received).toBe(`${all}\n`.replaceAll("\r\n", "\n"));
    }),
    { numRuns: 150, seed: 1 },
  );
});

everywhere("the text before bytes that are none is received first, also that of their chunk", async () => {
  const chunk = Uint8Array.of(...bytes("two"), 0xff, ...bytes("three"));
  const stream = new TextReceiveStream(openMemoryOf(["one, ", chunk]));
  expect(await stream.receive()).toBe("one, ");
  expect(await stream.receive()).toBe("two");
  for (let i = 0; i < 2; i++)
    expect(await errorOf(stream.receive())).toHaveProperty("code", "ERR_BROKEN_RESOURCE");
});

everywhere(
  "the whole lines before bytes that are no text are received; the beginning of one stays",
  async () => {
    const stream = new TextReceiveStream(openMemoryOf([Uint8Array.of(...bytes("one\ntwo\nthr"), 0xff)]));
    const lines = stream.lines();
    expect((await lines.next()).value).toBe("one");
    expect((await lines.next()).value).toBe("two");
    for (let i = 0; i < 2; i++)
      expect(await errorOf(stream.lines().next())).toHaveProperty("code", "ERR_BROKEN_RESOURCE");
    expect(await stream.receive()).toBe("thr");
    expect(await errorOf(stream.receive())).toHaveProperty("code", "ERR_BROKEN_RESOURCE");
  },
);

/** Chunks of bytes that are text in parts: whole characters, halves of them, marks, and bytes of no text. */
const pieces = fc.array(
  fc.oneof(
    fc.string({ unit: "binary" }).map((all) => bytes(all)),
    fc.constantFrom(bytes("\uFEFF"), bytes("\uFFFD"), bytes("😀").subarray(0, 3), bytes("😀").subarray(3)),
    fc.uint8Array({ maxLength: 5 }),
    fc
      .constantFrom("\x1b$B", "\x1b(B", "\x84\x31\xa4\x37")
      .map((all) => Uint8Array.from(Buffer.from(all, "latin1"))),
    fc.constant(new Uint8Array(5_000).fill(0x41)),
  ),
  { maxLength: 6 },
);

test.each(["utf-8", "utf-16le", "utf-16be", "shift_jis", "gb18030", "iso-2022-jp", "windows-1252"])(
  "%s, cut anywhere: all text before the first bytes that are none, then the error",
  async (encoding) => {
    await fc.assert(
      fc.asyncProperty(pieces, fc.array(fc.nat({ max: 12_000 })), async (parts, cuts) => {
        const whole = Uint8Array.from(parts.flatMap((part) => [...part]));
        let received = "";
        const stream = new TextReceiveStream(memoryOf(cutAt(whole, cuts)), { encoding });
        const end = await errorOf(
          (async () => {
            for (;;) received += await stream.receive();
          })(),
        );
        const [sound, valid] = soundText(whole, encoding);
        expect([received, isError(end, "EndOfStream")]).toEqual([sound, valid]);
      }),
      { numRuns: 300 },
    );
  },
);

/** The text before the first byte at which the platform's decoder fails, and whether there is none. */
function soundText(whole: Uint8Array, encoding: string): [string, boolean] {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let sound = "";
  try {
    for (const byte of whole) sound += decoder.decode(Uint8Array.of(byte), { stream: true });
    return [sound + decoder.decode(), true];
  } catch {
    return [sound, false];
  }
}

test("an encoding that the platform does not know is a RangeError of one short line", () => {
  const error = thrownBy(
    () => new TextReceiveStream(memoryOf([]), { encoding: "\u001b[31m".repeat(100_000) }),
  );
  expect(error).toBeInstanceOf(RangeError);
  expect((error as Error).message).toMatch(
    /^Cannot receive: encoding must be one the platform knows, received ".{0,100}"$/,
  );
});
