import { spawn } from "node:child_process";
import { createServer, connect, type AddressInfo, type Socket } from "node:net";
import { Duplex, PassThrough, Readable, Writable } from "node:stream";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { isError, sleep } from "@arborio/core";
import { fromNodeDuplex, fromNodeReadable, fromNodeWritable, toReadable, toWritable } from "@arborio/streams";
import { describe, expect } from "vitest";
import { onRealClock } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { bytes, joined, memoryOf, memoryPair, openMemoryOf, text } from "./memory-byte-stream.ts";

/** A Writable that takes a chunk when it is let. */
function slow(options: { highWaterMark?: number } = {}): {
  writable: Writable;
  taken: string[];
  take: () => void;
} {
  const taken: string[] = [];
  let waiting: (() => void)[] = [];
  const writable = new Writable({
    ...options,
    write: (chunk: Buffer, _, callback) => {
      waiting.push(() => {
        taken.push(String(chunk));
        callback();
      });
    },
  });
  const take = (): void => {
    const all = waiting;
    waiting = [];
    for (const one of all) one();
  };
  return { writable, taken, take };
}

describe("fromNodeReadable", () => {
  onRealClock(
    "gives the bytes, in parts as they are asked for, and then the end, again and again",
    async () => {
      const readable = Readable.from([Buffer.from("abc"), Buffer.from("de")]);
      const stream = fromNodeReadable(readable);
      const first = await stream.receive(2);
      expect([text(first), first.constructor]).toEqual(["ab", Uint8Array]);
      expect([text(await stream.receive()), text(await stream.receive())]).toEqual(["c", "de"]);
      for (let i = 0; i < 2; i++) expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
      await stream.close();
      expect(readable.closed).toBe(true);
    },
  );

  onRealClock("the memory is the receiver's: not a part of a pool of Node's", async () => {
    const stream = fromNodeReadable(Readable.from([Buffer.from("abc")]));
    const { buffer, length } = await stream.receive();
    expect(buffer.byteLength).toBe(length);
    await stream.close();
  });

  onRealClock(
    "backpressure: it reads ahead no further than the high-water mark, and not before it is asked",
    async () => {
      let reads = 0;
      const readable = new Readable({
        highWaterMark: 2,
        read() {
          this.push(Uint8Array.of(reads++));
        },
      });
      const stream = fromNodeReadable(readable);
      await sleep(1);
      expect(reads).toBe(0);
      await stream.receive();
      await sleep(1);
      expect(reads).toBeLessThanOrEqual(4);
      await stream.close();
    },
  );

  onRealClock(
    "M4: its error is the cause of a BrokenResourceError, again and again, also one before the first receive",
    async () => {
      for (const early of [true, false]) {
        const fault = new RangeError("boom");
        const readable = new PassThrough();
        const stream = fromNodeReadable(readable);
        if (!early) {
          readable.write("a");
          expect(text(await stream.receive())).toBe("a");
        }
        readable.destroy(fault);
        await sleep(1);
        for (let i = 0; i < 2; i++)
          expect(await errorOf(stream.receive())).toMatchObject({
            code: "ERR_BROKEN_RESOURCE",
            cause: fault,
          });
        await stream.close();
      }
    },
  );

  onRealClock("M4: destroyed by another it is broken, not ended", async () => {
    const readable = new PassThrough();
    const stream = fromNodeReadable(readable);
    const waiting = errorOf(stream.receive());
    await sleep(1);
    readable.destroy();
    expect(await waiting).toMatchObject({
      code: "ERR_BROKEN_RESOURCE",
      cause: { code: "ERR_STREAM_PREMATURE_CLOSE" },
    });
    await stream.close();
  });

  onRealClock("M4: what is no bytes breaks it", async () => {
    const stream = fromNodeReadable(Readable.from(["text"]));
    expect(await errorOf(stream.receive())).toMatchObject({
      cause: new TypeError("Cannot receive: it takes a Uint8Array, received string"),
    });
    await stream.close();
  });

  onRealClock("M5: close destroys it and waits for that, also while one receives", async () => {
    const seen: string[] = [];
    const readable = new Readable({
      read() {},
      destroy: (error, callback) => {
        setTimeout(() => {
          seen.push("destroyed");
          callback(error);
        }, 2);
      },
    });
    const stream = fromNodeReadable(readable);
    const waiting = errorOf(stream.receive());
    await sleep(1);
    await stream.close();
    expect(seen).toEqual(["destroyed"]);
    expect(isError(await waiting, "ClosedResourceError")).toBe(true);
    stream.closeForcefully();
    await stream.close();
  });

  onRealClock("M6: a cancelled receive loses no bytes", async () => {
    const readable = new PassThrough();
    const stream = fromNodeReadable(readable);
    expect(await moveOnAfter(1, () => stream.receive())).toBeUndefined();
    readable.write("abc");
    await sleep(1);
    expect([text(await stream.receive(1)), text(await stream.receive())]).toEqual(["a", "bc"]);
    await stream.close();
  });

  onRealClock("bad input throws at once", () => {
    expect(thrownBy(() => fromNodeReadable({} as never))).toBeInstanceOf(TypeError);
    expect(thrownBy(() => fromNodeWritable({} as never))).toBeInstanceOf(TypeError);
  });
});

describe("fromNodeWritable", () => {
  onRealClock("backpressure: a send waits until the bytes are taken, and past a drain", async () => {
    const { writable, taken, take } = slow({ highWaterMark: 1 });
    const drained: string[] = [];
    writable.on("drain", () => drained.push("drain"));
    const stream = fromNodeWritable(writable);
    const sending = stream.send(bytes("abc")).then(() => drained.push("sent"));
    await sleep(1);
    expect([taken, drained, writable.writableNeedDrain]).toEqual([[], [], true]);
    take();
    await sending;
    expect([taken, drained]).toEqual([["abc"], ["drain", "sent"]]);
    stream.closeForcefully();
  });

  onRealClock("close ends it, waits until all is written, and destroys it", async () => {
    const seen: string[] = [];
    const writable = new Writable({
      write: (chunk: Buffer, _, callback) => {
        seen.push(String(chunk));
        callback();
      },
      final: (callback) => {
        seen.push("final");
        setTimeout(callback, 1);
      },
      destroy: (error, callback) => {
        seen.push("destroyed");
        callback(error);
      },
    });
    const stream = fromNodeWritable(writable);
    await stream.send(bytes("ab"));
    await stream.close();
    await stream.close();
    expect(seen).toEqual(["ab", "final", "destroyed"]);
    expect(isError(await errorOf(stream.send(bytes("c"))), "ClosedResourceError")).toBe(true);
  });

  onRealClock("M5: a close that is cancelled, and closeForcefully, only destroy it", async () => {
    for (const way of ["closeForcefully", "close", Symbol.asyncDispose] as const) {
      let finals = 0;
      const writable = new Writable({
        final: () => void finals++,
      });
      const stream = fromNodeWritable(writable);
      const scope = new CancelScope();
      await scope.run(async () => {
        scope.cancel();
        await stream[way]();
      });
      await sleep(1);
      expect([writable.destroyed, finals]).toEqual([true, 0]);
    }
    const { writable } = slow();
    const stream = fromNodeWritable(writable);
    writable.write("never taken");
    expect(await moveOnAfter(1, () => stream.close())).toBeUndefined();
    expect(writable.destroyed).toBe(true);
    await sleep(1);
  });

  onRealClock(
    "M4: its error is the cause of a BrokenResourceError, again and again, and ends no process",
    async () => {
      const fault = new RangeError("boom");
      const writable = new Writable({ write: (_chunk, _encoding, callback) => callback(fault) });
      const stream = fromNodeWritable(writable);
      for (let i = 0; i < 2; i++)
        expect(await errorOf(stream.send(bytes("a")))).toMatchObject({
          code: "ERR_BROKEN_RESOURCE",
          cause: fault,
        });
      await stream.close();
      const early = fromNodeWritable(new PassThrough().destroy(fault));
      await sleep(1);
      expect(isError(await errorOf(early.send(bytes("a"))), "BrokenResourceError")).toBe(true);
      await early.close();
    },
  );

  onRealClock("M5: an end that fails is told by close", async () => {
    const fault = new Error("disk full");
    const stream = fromNodeWritable(new Writable({ final: (callback) => callback(fault) }));
    expect(await errorOf(stream.close())).toMatchObject({ code: "ERR_BROKEN_RESOURCE", cause: fault });
    expect(isError(await errorOf(stream.send(bytes("a"))), "ClosedResourceError")).toBe(true);
  });

  onRealClock(
    "M4, M7: busy; after a cancelled send later ones throw BrokenResourceError; closed meanwhile",
    async () => {
      const { writable, take } = slow();
      const stream = fromNodeWritable(writable);
      await moveOnAfter(1, () => stream.send(bytes("a")));
      expect(isError(await errorOf(stream.send(bytes("b"))), "BrokenResourceError")).toBe(true);
      take();
      await sleep(1);
      expect(isError(await errorOf(stream.send(bytes("b"))), "BrokenResourceError")).toBe(true);
      await stream.close();

      const other = fromNodeWritable(slow().writable);
      const waiting = errorOf(other.send(bytes("a")));
      expect(isError(await errorOf(other.send(bytes("b"))), "BusyResourceError")).toBe(true);
      await sleep(1);
      await other.close();
      expect(isError(await waiting, "ClosedResourceError")).toBe(true);
    },
  );
});

describe("fromNodeDuplex", () => {
  onRealClock("both ways: sendEof ends its writable side only; close ends and destroys it", async () => {
    const [near, far] = duplexPair();
    const stream = fromNodeDuplex(near);
    const other = fromNodeDuplex(far);
    await stream.send(bytes("ping"));
    expect(text(await other.receive())).toBe("ping");
    await stream.sendEof();
    await stream.sendEof();
    expect(isError(await errorOf(other.receive()), "EndOfStream")).toBe(true);
    expect(isError(await errorOf(stream.send(bytes("x"))), "ClosedResourceError")).toBe(true);
    await other.send(bytes("pong"));
    expect(text(await stream.receive())).toBe("pong");
    await other.close();
    expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
    await stream.close();
    expect([near.destroyed, far.destroyed]).toEqual([true, true]);
  });

  onRealClock("a socket: the end of receiving leaves its sending open", async () => {
    const server = createServer({ allowHalfOpen: true });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const { port } = server.address() as AddressInfo;
    const client = fromNodeDuplex(connect({ port, host: "127.0.0.1", allowHalfOpen: true }));
    const served = fromNodeDuplex(await accepted);
    await client.send(bytes("question"));
    await client.sendEof();
    const chunks: Uint8Array[] = [];
    for await (const chunk of served) chunks.push(chunk);
    expect(text(joined(chunks))).toBe("question");
    await served.send(bytes("answer"));
    await served.close();
    expect(text(await client.receive())).toBe("answer");
    expect(isError(await errorOf(client.receive()), "EndOfStream")).toBe(true);
    await client.close();
    await new Promise((resolve) => server.close(resolve));
  });

  onRealClock("the pipes of a child", async () => {
    const script = "process.stdin.on('data', (chunk) => process.stdout.write(String(chunk).toUpperCase()))";
    const child = spawn(process.execPath, [...("Deno" in globalThis ? ["eval"] : ["-e"]), script], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const stdin = fromNodeWritable(child.stdin);
    const stdout = fromNodeReadable(child.stdout);
    await stdin.send(bytes("hello"));
    expect(text(await stdout.receive())).toBe("HELLO");
    await stdin.close();
    expect(isError(await errorOf(stdout.receive()), "EndOfStream")).toBe(true);
    await stdout.close();
  });
});

describe("to Node, by Node's own functions", () => {
  onRealClock("Readable.from takes a stream as it is", async () => {
    const chunks: string[] = [];
    for await (const chunk of Readable.from(memoryOf(["a", "b"]))) chunks.push(text(chunk as Uint8Array));
    expect(chunks).toEqual(["a", "b"]);
  });

  onRealClock("Readable.fromWeb(toReadable(stream)): its destroy closes the stream", async () => {
    const source = openMemoryOf(["a"]);
    const readable = Readable.fromWeb(toReadable(source) as never);
    const [chunk] = (await new Promise<unknown[]>((resolve) =>
      readable.once("data", (...all) => resolve(all)),
    )) as [Uint8Array];
    expect(text(chunk)).toBe("a");
    readable.on("error", () => {}).destroy();
    await sleep(2);
    expect(source.closed).not.toBe("no");
  });

  onRealClock("Writable.fromWeb(toWritable(stream)): its end ends the sending", async () => {
    const [near, far] = memoryPair();
    const writable = Writable.fromWeb(toWritable(near) as never);
    await new Promise<void>((resolve) => writable.end("ab", resolve));
    expect(text(await far.receive())).toBe("ab");
    expect(isError(await errorOf(far.receive()), "EndOfStream")).toBe(true);
  });
});

/** Two Duplexes of which each reads what is written to the other. */
function duplexPair(): [Duplex, Duplex] {
  const [there, back] = [new PassThrough(), new PassThrough()];
  return [Duplex.from({ readable: back, writable: there }), Duplex.from({ readable: there, writable: back })];
}

onRealClock("M5: a close after one that was cancelled succeeds: the stream is released", async () => {
  const neverEnds = new Writable({ final: () => {} });
  const stream = fromNodeWritable(neverEnds);
  await moveOnAfter(1, () => stream.close());
  await stream.close();
  expect(neverEnds.destroyed).toBe(true);
});
