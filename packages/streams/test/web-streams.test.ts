// Beside the platform's own: what one does with a ReadableStream or WritableStream, and with ours made of it or it made of ours.
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { BrokenResourceError, EndOfStream, isCancelled, isError, sleep } from "@arborio/core";
import {
  fromReadable,
  fromWritable,
  toReadable,
  toWritable,
  type ByteReceiveStream,
  type ByteSendStream,
} from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import fc from "fast-check";
import { cancelAtEveryPoint } from "@arborio/testing";
import { describe, expect, test } from "vitest";
import { onRealClock } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { bytes, cutAt, joined, memoryOf, memoryPair, openMemoryOf, text } from "./memory-byte-stream.ts";

async function allOf(readable: ReadableStream<Uint8Array>): Promise<string> {
  return text(joined(await chunksOf(readable)));
}

async function chunksOf<T>(readable: ReadableStream<T>): Promise<T[]> {
  const chunks: T[] = [];
  for (const reader = readable.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return chunks;
    chunks.push(value);
  }
}

function readableOf(chunks: readonly (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(bytes(chunk));
      controller.close();
    },
  });
}

/** A WritableStream that notes what happens to it. */
function noting(seen: string[], write: () => Promise<void> | void = () => {}): WritableStream<Uint8Array> {
  return new WritableStream({
    write: async (chunk) => {
      await write();
      seen.push(text(chunk));
    },
    close: () => void seen.push("closed"),
    abort: (why: Error) => void seen.push(`aborted: ${why.message}`),
  });
}

describe("fromReadable", () => {
  onRealClock("gives its chunks, in parts if they are too long, and its end, again and again", async () => {
    const stream = fromReadable(readableOf(["abc", "", "de"]));
    expect([text(await stream.receive(2)), text(await stream.receive(2))]).toEqual(["ab", "c"]);
    expect(text(await stream.receive())).toBe("de");
    for (let i = 0; i < 2; i++) expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
    await stream.close();
  });

  onRealClock("reads a byte stream into memory of the size that is asked for (BYOB)", async () => {
    const sizes: (number | undefined)[] = [];
    const readable = new ReadableStream({
      type: "bytes",
      pull(controller) {
        const request = controller.byobRequest!;
        sizes.push(request.view!.byteLength);
        new Uint8Array(request.view!.buffer)[0] = 7;
        request.respond(1);
        if (sizes.length === 3) controller.close();
      },
    });
    const stream = fromReadable(readable);
    expect([...(await stream.receive(5))]).toEqual([7]);
    expect([...(await stream.receive(1))]).toEqual([7]);
    expect([...(await stream.receive(1 << 20))]).toEqual([7]);
    expect(sizes).toEqual([5, 1, 65_536]);
    expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
    await stream.close();
  });

  onRealClock("backpressure: it pulls when asked, as the platform's reader does", async () => {
    let pulls = 0;
    const make = (): ReadableStream<Uint8Array> => {
      pulls = 0;
      return new ReadableStream(
        { pull: (c) => void c.enqueue(Uint8Array.of(pulls++)) },
        { highWaterMark: 0 },
      );
    };
    const reader = make().getReader();
    await reader.read();
    await sleep(1);
    const platforms = pulls;
    const stream = fromReadable(make());
    await sleep(1);
    expect(pulls).toBe(0);
    await stream.receive();
    await sleep(1);
    expect([pulls, platforms]).toEqual([1, 1]);
    await stream.close();
  });

  onRealClock("M5: close cancels it, once, and unlocks it, as leaving a loop over it does", async () => {
    for (const way of ["close", "closeForcefully", Symbol.asyncDispose] as const) {
      const reasons: unknown[] = [];
      const readable = new ReadableStream<Uint8Array>({ cancel: (reason) => void reasons.push(reason) });
      const stream = fromReadable(readable);
      await stream[way]();
      await stream.close();
      stream.closeForcefully();
      await sleep(0);
      expect([reasons.length, readable.locked]).toEqual([1, false]);
      expect(isError(await errorOf(stream.receive()), "ClosedResourceError")).toBe(true);
    }
  });

  onRealClock(
    "M5: a cancel that fails is told by close, with its cause; closeForcefully says nothing",
    async () => {
      const fault = new Error("no");
      const make = (): ReadableStream<Uint8Array> =>
        new ReadableStream({ cancel: () => Promise.reject(fault) });
      expect(await errorOf(fromReadable(make()).close())).toMatchObject({
        code: "ERR_BROKEN_RESOURCE",
        cause: fault,
      });
      fromReadable(make()).closeForcefully();
      await sleep(1);
    },
  );

  onRealClock(
    "M4: what it is errored with is the cause of a BrokenResourceError, again and again",
    async () => {
      const fault = new RangeError("boom");
      const stream = fromReadable(new ReadableStream({ pull: () => Promise.reject(fault) }));
      for (let i = 0; i < 2; i++)
        expect(await errorOf(stream.receive())).toMatchObject({
          code: "ERR_BROKEN_RESOURCE",
          message: "Cannot receive: the ReadableStream is broken",
          cause: fault,
        });
      await stream.close();
    },
  );

  onRealClock("M4: a chunk that is no Uint8Array breaks it", async () => {
    const readable = new ReadableStream<unknown>({ start: (controller) => controller.enqueue("text") });
    const stream = fromReadable(readable as ReadableStream<Uint8Array>);
    const { cause } = (await errorOf(stream.receive())) as Error;
    expect(cause).toEqual(new TypeError("Cannot receive: it takes a Uint8Array, received string"));
    await stream.close();
  });

  onRealClock("M4: busy, and closed meanwhile", async () => {
    const stream = fromReadable(new ReadableStream());
    const waiting = errorOf(stream.receive());
    expect(isError(await errorOf(stream.receive()), "BusyResourceError")).toBe(true);
    await stream.close();
    expect(isError(await waiting, "ClosedResourceError")).toBe(true);
  });

  onRealClock(
    "M6: a cancelled receive loses no bytes; its read goes on in the scope of the bridge",
    async () => {
      const gate = makeGate();
      const readable = new ReadableStream<Uint8Array>(
        {
          pull: async (controller) => {
            await gate.promise;
            await sleep(1);
            controller.enqueue(bytes("abc"));
          },
        },
        { highWaterMark: 0 },
      );
      const stream = fromReadable(readable);
      expect(await moveOnAfter(1, () => stream.receive())).toBeUndefined();
      gate.resolve();
      expect([text(await stream.receive(1)), text(await stream.receive(1))]).toEqual(["a", "b"]);
      await stream.close();
    },
  );

  onRealClock("bad input throws at once", () => {
    const readable = readableOf([]);
    readable.getReader();
    expect(thrownBy(() => fromReadable(readable))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => fromReadable(undefined as never))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => fromReadable(readableOf([])).receive(0))).toBeInstanceOf(RangeError);
  });
});

describe("fromWritable", () => {
  onRealClock("sends, and closes it when it is closed", async () => {
    const seen: string[] = [];
    const stream = fromWritable(noting(seen));
    await stream.send(bytes("a"));
    await stream.send(bytes("b"));
    await stream.close();
    await stream.close();
    stream.closeForcefully();
    expect(seen).toEqual(["a", "b", "closed"]);
    expect(isError(await errorOf(stream.send(bytes("c"))), "ClosedResourceError")).toBe(true);
  });

  onRealClock("backpressure: a send waits until the sink has taken it", async () => {
    const gate = makeGate();
    const seen: string[] = [];
    const stream = fromWritable(noting(seen, () => gate.promise));
    const sending = stream.send(bytes("a")).then(() => seen.push("sent"));
    await sleep(1);
    expect(seen).toEqual([]);
    gate.resolve();
    await sending;
    expect(seen).toEqual(["a", "sent"]);
    await stream.close();
  });

  onRealClock(
    "M4: what it is errored with is the cause of a BrokenResourceError, again and again",
    async () => {
      const fault = new RangeError("boom");
      const stream = fromWritable(new WritableStream({ write: () => Promise.reject(fault) }));
      for (let i = 0; i < 2; i++)
        expect(await errorOf(stream.send(bytes("a")))).toMatchObject({
          code: "ERR_BROKEN_RESOURCE",
          cause: fault,
        });
      await stream.close();
    },
  );

  onRealClock(
    "M4: busy, and closed meanwhile: then it is aborted, as what was sent is in doubt",
    async () => {
      const seen: string[] = [];
      const gate = makeGate();
      const stream = fromWritable(noting(seen, () => gate.promise));
      const waiting = errorOf(stream.send(bytes("a")));
      expect(isError(await errorOf(stream.send(bytes("b"))), "BusyResourceError")).toBe(true);
      stream.closeForcefully();
      expect(isError(await waiting, "ClosedResourceError")).toBe(true);
      gate.resolve();
      await stream.close();
      expect(seen).toEqual(["a", "aborted: Cannot go on: the WritableStream was closed on this side"]);
    },
  );

  onRealClock(
    "M5: a cancelled close aborts it; so does disposal in a cancelled scope, which does not throw",
    async () => {
      for (const way of ["close", Symbol.asyncDispose] as const) {
        const seen: string[] = [];
        const stream = fromWritable(noting(seen));
        await stream.send(bytes("a"));
        const scope = new CancelScope();
        let error: unknown;
        await scope.run(async () => {
          scope.cancel();
          await stream[way]().catch((reason: unknown) => (error = reason));
        });
        expect(isCancelled(error)).toBe(way === "close");
        await sleep(1);
        expect(seen).toEqual(["a", "aborted: Cannot go on: the WritableStream was closed on this side"]);
      }
    },
  );

  onRealClock("M5: a close that waits and is cancelled aborts it", async () => {
    const seen: string[] = [];
    const gate = makeGate();
    const writable = new WritableStream<Uint8Array>({
      close: () => gate.promise,
      abort: () => void seen.push("aborted"),
    });
    const stream = fromWritable(writable);
    expect(await moveOnAfter(1, () => stream.close())).toBeUndefined();
    gate.resolve();
    expect(isError(await errorOf(stream.send(bytes("a"))), "ClosedResourceError")).toBe(true);
  });

  onRealClock("M5: a close that fails is told by close, with its cause", async () => {
    const fault = new Error("disk full");
    const stream = fromWritable(new WritableStream({ close: () => Promise.reject(fault) }));
    expect(await errorOf(stream.close())).toMatchObject({ code: "ERR_BROKEN_RESOURCE", cause: fault });
  });

  onRealClock(
    "M7: after a cancelled send later ones throw BrokenResourceError, and close aborts it",
    async () => {
      const seen: string[] = [];
      const gate = makeGate();
      const stream = fromWritable(noting(seen, () => gate.promise));
      await moveOnAfter(1, () => stream.send(bytes("a")));
      expect(await errorOf(stream.send(bytes("b")))).toMatchObject({
        code: "ERR_BROKEN_RESOURCE",
        message: "Cannot send: an earlier send was cancelled",
      });
      gate.resolve();
      await sleep(1);
      expect(isError(await errorOf(stream.send(bytes("b"))), "BrokenResourceError")).toBe(true);
      await stream.close();
      expect(seen).toEqual(["a", "aborted: Cannot go on: the WritableStream was closed on this side"]);
    },
  );

  onRealClock("bad input throws at once", () => {
    const writable = noting([]);
    const stream = fromWritable(writable);
    expect(thrownBy(() => stream.send("a" as never))).toEqual(
      new TypeError("Cannot send: it takes a Uint8Array, received string"),
    );
    expect(thrownBy(() => fromWritable(writable))).toBeInstanceOf(TypeError);
  });
});

describe("toReadable", () => {
  onRealClock("gives all bytes, and closes at the end, the stream too", async () => {
    const source = memoryOf(["ab", "cd"]);
    expect(await allOf(toReadable(onlyReceiving(source)))).toBe("abcd");
    expect(source.closed).toBe("closed");
  });

  onRealClock("is a byte stream of the platform: it is read into the reader's memory (BYOB)", async () => {
    const reader = toReadable(memoryOf(["abcdef"])).getReader({ mode: "byob" });
    expect(text((await reader.read(new Uint8Array(4))).value!)).toBe("abcd");
    expect(text((await reader.read(new Uint8Array(4))).value!)).toBe("ef");
    const last = await reader.read(new Uint8Array(4));
    expect([last.done, last.value!.byteLength]).toEqual([true, 0]);
  });

  onRealClock("backpressure: it receives only while it is read from; desiredSize is 0", async () => {
    const source = memoryOf(["ab", "cd"]);
    const readable = toReadable(source);
    await sleep(1);
    expect(text(source.pending)).toBe("abcd");
    const reader = readable.getReader();
    expect(text((await reader.read()).value!)).toBe("ab");
    await sleep(1);
    expect(text(source.pending)).toBe("cd");
    await reader.cancel();
  });

  onRealClock("cancelling it closes the stream, and waits for that, also while a read waits", async () => {
    const source = openMemoryOf([]);
    const gate = makeGate();
    source.closing = gate.promise;
    const reader = toReadable(source).getReader();
    const waiting = reader.read();
    await sleep(0);
    let over = false;
    const cancelling = reader.cancel("enough").then(() => (over = true));
    expect((await waiting).done).toBe(true);
    await sleep(1);
    expect([source.closed, over]).toEqual(["closed", false]);
    gate.resolve();
    await cancelling;
  });

  onRealClock("an error of the stream is its own, and closes the stream", async () => {
    const broken = new BrokenResourceError("gone");
    const source = memoryOf(["ab"], broken);
    const reader = toReadable(source).getReader();
    await reader.read();
    expect(await errorOf(reader.read())).toBe(broken);
    expect(await errorOf(reader.closed)).toBe(broken);
    expect(source.closed).toBe("forcefully");
  });

  onRealClock("tee gives both branches all of it, as the platform's does", async () => {
    const [one, two] = toReadable(memoryOf(["ab", "cd"])).tee();
    expect(await Promise.all([allOf(one), allOf(two)])).toEqual(["abcd", "abcd"]);
  });

  onRealClock("pipeThrough and a Response take it", async () => {
    const upper = new TransformStream<string, string>({ transform: (t, c) => c.enqueue(t.toUpperCase()) });
    const piped = toReadable(memoryOf([bytes("é").slice(0, 1), bytes("é").slice(1), "a"]))
      .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
      .pipeThrough(upper);
    expect((await chunksOf(piped)).join("")).toBe("ÉA");
    const { Response } = globalThis as unknown as {
      Response: new (body: ReadableStream<Uint8Array>) => { text(): Promise<string> };
    };
    expect(await new Response(toReadable(memoryOf(["a", "b"]))).text()).toBe("ab");
  });

  onRealClock("leaving a read and taking another reader loses nothing", async () => {
    const source = openMemoryOf([]);
    const readable = toReadable(source);
    const first = readable.getReader();
    const left = errorOf(first.read());
    await sleep(0);
    first.releaseLock();
    await left;
    source.incoming.push(bytes("ab"));
    const second = readable.getReader();
    expect(text((await second.read()).value!)).toBe("ab");
    await second.cancel();
  });

  onRealClock("the rest of a chunk of which a part was received is not taken away with it", async () => {
    const shared = bytes("abcdef");
    const source = memoryOf([]);
    const parts = [shared.subarray(0, 3), shared.subarray(3)];
    source.receive = () => {
      const part = parts.shift();
      return part === undefined ? Promise.reject(new EndOfStream()) : Promise.resolve(part);
    };
    expect(await allOf(toReadable(source))).toBe("abcdef");
    expect(shared.length).toBe(6);
  });

  onRealClock("of what goes both ways the end closes only the ReadableStream", async () => {
    const [near, far] = memoryPair();
    await far.send(bytes("ab"));
    await far.sendEof();
    expect(await allOf(toReadable(near))).toBe("ab");
    expect(near.closed).toBe("no");
    await near.send(bytes("still"));
    expect(text(await far.receive())).toBe("still");
  });

  onRealClock("C20: it receives in the scope in which it was made, whoever reads", async () => {
    const source = openMemoryOf([]);
    const readable = toReadable(source);
    const reader = readable.getReader();
    let reading: Promise<ReadableStreamReadResult<Uint8Array>> | undefined;
    await moveOnAfter(1, async () => {
      reading = reader.read();
      await sleep(100);
    });
    source.incoming.push(bytes("ab"));
    expect(text((await reading!).value!)).toBe("ab");
    await reader.cancel();
  });

  onRealClock(
    "C20: if that scope is cancelled it is errored with the Cancelled, and the stream closed",
    async () => {
      const source = openMemoryOf([]);
      const scope = new CancelScope();
      let reading: Promise<unknown> | undefined;
      await scope.run(async () => {
        reading = errorOf(toReadable(source).getReader().read());
        scope.cancel();
        await sleep(1);
      });
      expect(isCancelled(await reading)).toBe(true);
      expect(source.closed).toBe("forcefully");
    },
  );

  onRealClock("bad input throws at once", () => {
    expect(thrownBy(() => toReadable(undefined as never))).toEqual(
      new TypeError("Cannot receive: it takes what has receive, received undefined"),
    );
    expect(thrownBy(() => toWritable({} as never))).toBeInstanceOf(TypeError);
  });
});

describe("toWritable", () => {
  onRealClock("writes are sends; closing it closes the stream", async () => {
    const [near, far] = memoryPair();
    const writer = toWritable(onlySending(near)).getWriter();
    await writer.write(bytes("ab"));
    await writer.close();
    expect(text(await far.receive())).toBe("ab");
    expect(near.closed).toBe("closed");
  });

  onRealClock("of what goes both ways closing it ends the sending only", async () => {
    const [near, far] = memoryPair();
    await toWritable(near).close();
    expect([near.closed, near.sendingEnded]).toEqual(["no", true]);
    await far.send(bytes("still"));
    expect(text(await near.receive())).toBe("still");
  });

  onRealClock("backpressure: desiredSize and ready are the platform's own", async () => {
    const [near] = memoryPair();
    near.outgoing.room = 0;
    const gate = makeGate();
    const ours = toWritable(near).getWriter();
    const platforms = new WritableStream<Uint8Array>({ write: () => gate.promise }).getWriter();
    const states: (number | null)[][] = [];
    const look = (): void => void states.push([ours.desiredSize, platforms.desiredSize]);
    look();
    const writes = [
      ours.write(bytes("a")),
      platforms.write(bytes("a")),
      ours.write(bytes("b")),
      platforms.write(bytes("b")),
    ];
    look();
    near.outgoing.room = 9;
    near.outgoing.settle();
    gate.resolve();
    await Promise.all([...writes, ours.ready, platforms.ready]);
    look();
    expect(states).toEqual([
      [1, 1],
      [-1, -1],
      [1, 1],
    ]);
    near.closeForcefully();
  });

  onRealClock("aborting it closes the stream forcefully, also while a write waits", async () => {
    const [near] = memoryPair();
    near.outgoing.room = 0;
    const writer = toWritable(near).getWriter();
    const waiting = errorOf(writer.write(bytes("a")));
    await sleep(0);
    await writer.abort("enough");
    await waiting;
    expect(near.closed).toBe("forcefully");
    expect(await errorOf(writer.closed)).toBe("enough");
  });

  onRealClock("an error of the stream is its own, and closes the stream", async () => {
    const broken = new BrokenResourceError("gone");
    const [near] = memoryPair();
    near.send = () => Promise.reject(broken);
    const writer = toWritable(near).getWriter();
    expect(await errorOf(writer.write(bytes("a")))).toBe(broken);
    expect(await errorOf(writer.closed)).toBe(broken);
    expect(near.closed).toBe("forcefully");
  });

  onRealClock("a chunk that is no Uint8Array errors it, and closes the stream", async () => {
    const stream = fromWritable(noting([]));
    const writer = toWritable<unknown>(stream).getWriter();
    expect(await errorOf(writer.write("text"))).toBeInstanceOf(TypeError);
    expect(isError(await errorOf(stream.send(bytes("a"))), "ClosedResourceError")).toBe(true);
  });

  onRealClock("pipeTo: an end closes it, an error aborts it, its error cancels the source", async () => {
    const [near, far] = memoryPair();
    await readableOf(["ab", "cd"]).pipeTo(toWritable(near));
    expect(text(far.pending)).toBe("abcd");

    const aborted = memoryPair()[0];
    const fault = new Error("boom");
    const failing = new ReadableStream<Uint8Array>({ pull: () => Promise.reject(fault) });
    expect(await errorOf(failing.pipeTo(toWritable(aborted)))).toBe(fault);
    expect(aborted.closed).toBe("forcefully");

    const broken = new BrokenResourceError("gone");
    const [refusing] = memoryPair();
    refusing.send = () => Promise.reject(broken);
    const source = openMemoryOf(["ab"]);
    expect(await errorOf(toReadable(source).pipeTo(toWritable(refusing)))).toBe(broken);
    expect(source.closed).toBe("closed");
  });

  onRealClock("pipeTo with a signal: its abort closes both", async () => {
    const source = openMemoryOf([]);
    const [near] = memoryPair();
    const controller = new AbortController();
    const piping = errorOf(toReadable(source).pipeTo(toWritable(near), { signal: controller.signal }));
    await sleep(0);
    controller.abort("enough");
    expect(await piping).toBe("enough");
    expect([source.closed, near.closed]).toEqual(["closed", "forcefully"]);
  });

  onRealClock(
    "C20: if the scope in which it was made is cancelled it is errored, and the stream closed",
    async () => {
      const [near] = memoryPair();
      near.outgoing.room = 0;
      const scope = new CancelScope();
      let writing: Promise<unknown> | undefined;
      await scope.run(async () => {
        writing = errorOf(toWritable(near).getWriter().write(bytes("a")));
        await sleep(0);
        scope.cancel();
      });
      expect(isCancelled(await writing)).toBe(true);
      expect(near.closed).toBe("forcefully");
    },
  );
});

/** Without what goes the other way. */
function onlyReceiving(stream: ByteReceiveStream): ByteReceiveStream {
  return {
    receive: (maxBytes, options) => stream.receive(maxBytes, options),
    close: (options) => stream.close(options),
    closeForcefully: () => stream.closeForcefully(),
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
    [Symbol.asyncIterator]: () => stream[Symbol.asyncIterator](),
  };
}

function onlySending(stream: ByteSendStream): ByteSendStream {
  return {
    send: (item, options) => stream.send(item, options),
    close: (options) => stream.close(options),
    closeForcefully: () => stream.closeForcefully(),
    [Symbol.asyncDispose]: () => stream[Symbol.asyncDispose](),
  };
}

onRealClock("there and back: any chunking of any bytes, read in any sizes, is the same", async () => {
  const places = fc.array(fc.nat(100), { maxLength: 9 });
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 40 }),
      places,
      fc.integer({ min: 1, max: 9 }),
      async (all, cuts, most) => {
        const stream = fromReadable(toReadable(memoryOf(cutAt(all, cuts))));
        const received: Uint8Array[] = [];
        for (;;) {
          const chunk = await stream.receive(most).catch(() => undefined);
          if (chunk === undefined) break;
          expect(chunk.length).toBeLessThanOrEqual(most);
          received.push(chunk);
        }
        expect(joined(received)).toEqual(all);
        await stream.close();
      },
    ),
    { numRuns: 300, seed: 1 },
  );
});

onRealClock("M6: random cancellations lose no bytes", async () => {
  for (const type of ["bytes", undefined] as const) {
    const all = Uint8Array.from({ length: 40 }, (_, index) => index);
    let at = 0;
    const source = {
      type: type as "bytes",
      pull: async (controller: ReadableByteStreamController) => {
        await sleep(1);
        controller.enqueue(all.slice(at, (at += 4)));
        if (at >= all.length) {
          controller.close();
          controller.byobRequest?.respond(0);
        }
      },
    };
    const stream = fromReadable(new ReadableStream(source, { highWaterMark: 0 }));
    const received: number[] = [];
    await taskGroup(async () => {
      for (let time = 0; received.length < all.length; time = (time + 0.5) % 3)
        received.push(...((await moveOnAfter(time, () => stream.receive(3))) ?? []));
    });
    expect(received).toEqual([...all]);
    await stream.close();
  }
});

test("they can be cancelled at every point", async () => {
  await cancelAtEveryPoint(
    async ({ track }) => {
      const [near, far] = memoryPair();
      const receiving = fromReadable(toReadable(far));
      const sending = fromWritable(toWritable(near));
      const closed = [track("the receiving"), track("the sending")];
      try {
        await sending.send(bytes("abc"));
        expect([text(await receiving.receive(2)), text(await receiving.receive())]).toEqual(["ab", "c"]);
        await sending.close();
        for await (const chunk of receiving) expect(chunk).toEqual([]);
      } finally {
        await sending[Symbol.asyncDispose]();
        await receiving[Symbol.asyncDispose]();
        for (const release of closed) release();
      }
    },
    { patience: 5 },
  );
});

onRealClock("M5: closing from two tasks, and while one closes, releases it once", async () => {
  let cancels = 0;
  const stream = fromReadable(
    new ReadableStream({
      cancel: async () => {
        cancels++;
        await sleep(2);
      },
    }),
  );
  await taskGroup(async (group) => {
    group.spawn(() => stream.close());
    group.spawn(() => stream.close());
    group.spawn(() => stream[Symbol.asyncDispose]());
    group.spawn(async () => stream.closeForcefully());
  });
  expect(cancels).toBe(1);
});
