import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { BrokenResourceError, isError, sleep } from "@arborio/core";
import { BufferedByteReceiveStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint } from "@arborio/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { everywhere, onRealClock, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { bytes, cutAt, joined, memoryOf, openMemoryOf, text } from "./memory-byte-stream.ts";

const LF = bytes("\n");
const anyBytes = fc.uint8Array({ maxLength: 60, max: 3 });
const places = fc.array(fc.nat(60), { maxLength: 12 });

everywhere("receiveExactly joins chunks, and gives what is over to the next call", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["ab", "cde", "f"]));
  expect(text(await stream.receiveExactly(4))).toBe("abcd");
  expect(text(await stream.receiveExactly(0))).toBe("");
  expect(text(await stream.receiveExactly(2))).toBe("ef");
});

everywhere("receiveExactly: an early end is an IncompleteRead, and what came stays", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["ab", "cd"]));
  const error = await errorOf(stream.receiveExactly(8));
  expect(error).toMatchObject({
    code: "ERR_INCOMPLETE_READ",
    message: "Cannot receive: the stream ended before 8 bytes",
    cause: { code: "ERR_END_OF_STREAM" },
  });
  expect(text(stream.buffer)).toBe("abcd");
  expect(text(await stream.receiveExactly(4))).toBe("abcd");
});

everywhere("receiveUntil finds a delimiter across chunks, call after call", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["hello, ", "worl\r", "\nx\r\n", "\r\n"]));
  const line = async (): Promise<string> => text(await stream.receiveUntil(bytes("\r\n"), 20));
  expect([await line(), await line(), await line()]).toEqual(["hello, worl", "x", ""]);
});

everywhere("receiveUntil: an early end is an IncompleteRead, and what came stays", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["abcd"]));
  expect(isError(await errorOf(stream.receiveUntil(LF, 10)), "IncompleteRead")).toBe(true);
  expect(text(stream.buffer)).toBe("abcd");
});

everywhere(
  "receiveUntil: more before the delimiter than allowed is DelimiterNotFound, and what came stays",
  async () => {
    const stream = new BufferedByteReceiveStream(memoryOf(["abc", "d\nef"]));
    expect(await errorOf(stream.receiveUntil(LF, 3))).toMatchObject({
      code: "ERR_DELIMITER_NOT_FOUND",
      message: "Cannot receive: the delimiter is not within 3 bytes",
    });
    expect(text(await stream.receiveUntil(LF, 4))).toBe("abcd");
    expect(text(await stream.receive())).toBe("ef");
  },
);

everywhere("receive gives what has come before it waits for more, at most so many", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["abcdef"]));
  await stream.receiveExactly(1);
  expect([text(await stream.receive(3)), text(await stream.receive())]).toEqual(["bcd", "ef"]);
  expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
  expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
});

everywhere("it is an async iterable of chunks to the end", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["ab", "cd"]));
  await stream.receiveExactly(1);
  const chunks: string[] = [];
  for await (const chunk of stream) chunks.push(text(chunk));
  expect(chunks).toEqual(["b", "cd"]);
});

everywhere("peek gives bytes that the next call gives again", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["GE", "T /"]));
  const peeked = await stream.peek(3);
  expect(text(peeked)).toBe("GET");
  peeked.fill(0);
  expect(text(await stream.receive())).toBe("GET /");
  expect(isError(await errorOf(stream.peek(1)), "IncompleteRead")).toBe(true);
});

everywhere("feed comes before what is still to come; several are joined", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["ef"]));
  const fed = bytes("ab");
  stream.feed(fed);
  stream.feed(bytes("cd"));
  fed.fill(0);
  expect(text(await stream.receiveExactly(6))).toBe("abcdef");
});

everywhere("what is given is the caller's: writing to it changes nothing else", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["abcdef"]));
  (await stream.receiveExactly(2)).fill(0);
  (await stream.receiveUntil(bytes("d"), 9)).fill(0);
  stream.buffer.fill(0);
  expect(text(await stream.receive())).toBe("ef");
});

everywhere("bad input throws at once", () => {
  const stream = new BufferedByteReceiveStream(memoryOf([]));
  for (const count of [0, -1, 1.5, NaN, Infinity]) {
    expect(thrownBy(() => stream.receive(count))).toEqual(
      new RangeError(`Cannot receive: maxBytes must be an integer of at least 1, received ${count}`),
    );
    expect(thrownBy(() => stream.receiveUntil(LF, count))).toBeInstanceOf(RangeError);
  }
  for (const count of [-1, 1.5, NaN])
    expect(thrownBy(() => stream.receiveExactly(count))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => stream.peek(-1))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => stream.receiveUntil(new Uint8Array(), 1))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => stream.receiveUntil("\n" as never, 1))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => stream.feed("x" as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => new BufferedByteReceiveStream({} as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => new BufferedByteReceiveStream(undefined as never))).toEqual(
    new TypeError("Cannot wrap the stream: it takes what has closeForcefully, received undefined"),
  );
});

everywhere("M4: a second task in it is told so, and the first goes on", async () => {
  const source = openMemoryOf(["ab"]);
  const stream = new BufferedByteReceiveStream(source);
  const first = stream.receiveExactly(4);
  const others = [() => stream.receive(), () => stream.receiveUntil(LF, 1), () => stream.peek(1)];
  for (const second of others) expect(isError(await errorOf(second()), "BusyResourceError")).toBe(true);
  expect(
    isError(
      thrownBy(() => stream.feed(bytes("x"))),
      "BusyResourceError",
    ),
  ).toBe(true);
  source.incoming.push(bytes("cd"));
  expect(text(await first)).toBe("abcd");
});

everywhere(
  "M4: closed here it is a ClosedResourceError, also with bytes left, and for who waits",
  async () => {
    const stream = new BufferedByteReceiveStream(openMemoryOf(["ab"]));
    await stream.receiveExactly(1);
    const waiting = errorOf(stream.receiveExactly(9));
    await sleep(0);
    await stream.close();
    expect(isError(await waiting, "ClosedResourceError")).toBe(true);
    for (const late of [() => stream.receive(), () => stream.receiveExactly(1), () => stream.peek(0)])
      expect(isError(await errorOf(late()), "ClosedResourceError")).toBe(true);
  },
);

everywhere("M4: what breaks the stream below comes through; what came before stays", async () => {
  const broken = new BrokenResourceError("gone");
  const stream = new BufferedByteReceiveStream(memoryOf(["ab"], broken));
  expect(await errorOf(stream.receiveExactly(3))).toBe(broken);
  expect(text(await stream.receive())).toBe("ab");
  expect(await errorOf(stream.receive())).toBe(broken);
});

everywhere("M5: closing it closes the stream below, in whatever way and however often", async () => {
  for (const way of ["close", "closeForcefully", Symbol.asyncDispose] as const) {
    const source = memoryOf([]);
    const stream = new BufferedByteReceiveStream(source);
    await stream[way]();
    expect(source.closed).toBe(way === "closeForcefully" ? "forcefully" : "closed");
    await stream.close();
    stream.closeForcefully();
    await stream[Symbol.asyncDispose]();
  }
});

timed("M6: a cancelled call loses no bytes, whichever it is", async () => {
  const source = openMemoryOf([]);
  const stream = new BufferedByteReceiveStream(source);
  const calls = [
    () => stream.receiveExactly(5),
    () => stream.receiveUntil(LF, 9),
    () => stream.peek(5),
    () => stream.receive(),
  ];
  for (const call of calls) {
    await taskGroup(async (group) => {
      group.spawn(async () => {
        await sleep(1);
        source.incoming.push(bytes("x"));
      });
      // Receive is done by then; the others keep what came.
      await moveOnAfter(3, () => call().then((all) => stream.feed(all)));
    });
  }
  source.incoming.push(bytes("\n"));
  expect(text(await stream.receiveUntil(LF, 9))).toBe("xxxx");
});

timed("C2: in a cancelled scope nothing is taken, though it is there", async () => {
  const stream = new BufferedByteReceiveStream(memoryOf(["ab"]));
  await stream.peek(2);
  const scope = new CancelScope();
  scope.cancel();
  expect(await scope.run(() => stream.receiveExactly(1))).toBeUndefined();
  expect(text(stream.buffer)).toBe("ab");
});

everywhere("C17: it is ended by a foreign signal, with its reason", async () => {
  const controller = new AbortController();
  const stream = new BufferedByteReceiveStream(openMemoryOf(["a"]));
  const waiting = errorOf(stream.receiveExactly(2, { signal: controller.signal }));
  await sleep(0);
  controller.abort("enough");
  expect(await waiting).toBe("enough");
  expect(text(await stream.receive())).toBe("a");
});

test("it can be cancelled at every point", async () => {
  const points = await cancelAtEveryPoint(async ({ track }) => {
    const source = memoryOf(["ab", "c\nd", "e"]);
    const closed = track("the stream");
    await using stream = new BufferedByteReceiveStream(source);
    await using _ = { [Symbol.asyncDispose]: async () => (source.closed === "no" ? undefined : closed()) };
    try {
      await stream.receiveUntil(LF, 9);
      await stream.receiveExactly(2);
    } finally {
      await stream[Symbol.asyncDispose]();
    }
  });
  expect(points).toBeGreaterThan(3);
});

onRealClock("any chunking of any bytes gives the same, by count", async () => {
  await fc.assert(
    fc.asyncProperty(anyBytes, places, fc.array(fc.nat(9)), async (all, cuts, counts) => {
      const stream = new BufferedByteReceiveStream(memoryOf(cutAt(all, cuts)));
      let at = 0;
      for (const count of counts) {
        if (at + count > all.length) break;
        expect(await stream.peek(count)).toEqual(all.slice(at, at + count));
        expect(await stream.receiveExactly(count)).toEqual(all.slice(at, at + count));
        at += count;
      }
      expect(isError(await errorOf(stream.receiveExactly(all.length - at + 1)), "IncompleteRead")).toBe(true);
      expect(stream.buffer).toEqual(all.slice(at));
    }),
    { numRuns: 300, seed: 1 },
  );
});

/** What receiveUntil gives for bytes that come in one piece. */
function expectedOf(all: Uint8Array, delimiter: Uint8Array, maxBytes: number): string[] {
  const outcomes: string[] = [];
  for (let at = 0; ;) {
    let end = at;
    const meets = (): boolean => delimiter.every((byte, index) => all[end + index] === byte);
    while (end <= all.length && !meets()) end++;
    if (end <= all.length && end - at <= maxBytes) outcomes.push(String(all.slice(at, end)));
    else
      return [
        ...outcomes,
        all.length - at >= maxBytes + delimiter.length ? "DelimiterNotFound" : "IncompleteRead",
      ];
    at = end + delimiter.length;
  }
}

onRealClock("any chunking of any bytes gives the same, by delimiter", async () => {
  const delimiters = fc.uint8Array({ minLength: 1, maxLength: 3, max: 2 });
  await fc.assert(
    fc.asyncProperty(
      anyBytes,
      places,
      delimiters,
      fc.integer({ min: 1, max: 20 }),
      async (all, cuts, delimiter, most) => {
        const stream = new BufferedByteReceiveStream(memoryOf(cutAt(all, cuts)));
        const outcomes: string[] = [];
        for (let over = false; !over;) {
          outcomes.push(
            await stream.receiveUntil(delimiter, most).then(String, (error: Error) => {
              over = true;
              return error.name;
            }),
          );
        }
        expect(outcomes).toEqual(expectedOf(all, delimiter, most));
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});

timed("M6: random cancellations lose nothing", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyBytes,
      places,
      fc.array(fc.tuple(fc.nat(3), fc.nat(2), fc.nat(5))),
      async (all, cuts, calls) => {
        const source = openMemoryOf([]);
        const stream = new BufferedByteReceiveStream(source);
        const taken: Uint8Array[] = [];
        await taskGroup(async (group) => {
          group.spawn(async () => {
            for (const chunk of cutAt(all, cuts)) {
              await sleep(1);
              source.incoming.push(chunk);
            }
          });
          for (const [time, which, count] of calls) {
            const call = [
              () => stream.receive(count + 1),
              () => stream.receiveExactly(count),
              () => stream.peek(count).then(() => new Uint8Array()),
            ][which]!;
            taken.push((await moveOnAfter(time, call)) ?? new Uint8Array());
          }
        });
        expect(joined([...taken, stream.buffer, source.pending])).toEqual(all);
      },
    ),
    { numRuns: 150, seed: 1 },
  );
});

onRealClock(
  "bytes that come one by one are searched once and copied a few times, not again for each",
  async () => {
    const count = 3_000;
    const stream = new BufferedByteReceiveStream(
      memoryOf([...Array.from({ length: count }, () => "x"), "\r\n"]),
    );
    let [searched, copied] = [0, 0];
    const { prototype } = Uint8Array;
    // eslint-disable-next-line @typescript-eslint/unbound-method
    const { indexOf, set } = prototype;
    prototype.indexOf = function (byte, from = 0) {
      searched += this.length - from;
      return indexOf.call(this, byte, from);
    };
    prototype.set = function (bytes, at) {
      copied += bytes.length;
      set.call(this, bytes, at);
    };
    try {
      expect((await stream.receiveUntil(bytes("\r\n"), count)).length).toBe(count);
    } finally {
      Object.assign(prototype, { indexOf, set });
    }
    expect(searched).toBeLessThan(3 * count);
    expect(copied).toBeLessThan(5 * count);
  },
);
