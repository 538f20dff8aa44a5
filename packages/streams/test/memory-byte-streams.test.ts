import fc from "fast-check";
import { isCancelled, isError, run, waitAllTasksBlocked } from "@arborio/core";
import type { Clock } from "@arborio/core/backend";
import { CancelScope, moveOnAt } from "@arborio/cancellation";
import { createMemoryByteStreams, type ByteReceiveStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect, test } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const named = (name: string) => (error: unknown) => isError(error, name as "EndOfStream");
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** So many bytes, counted up from `first`. */
const counted = (length: number, first = 0): Uint8Array => Uint8Array.from({ length }, (_, at) => first + at);

async function drained(receive: ByteReceiveStream): Promise<number[]> {
  const all: number[] = [];
  for await (const chunk of receive) {
    expect(chunk.length).toBeGreaterThan(0);
    all.push(...chunk);
  }
  return all;
}

everywhere("what one sends the other receives, both ways, in whatever pieces", async () => {
  const [one, other] = createMemoryByteStreams();
  await one.send(bytes(1, 2, 3));
  await one.send(bytes(4));
  await other.send(bytes(9));
  expect(await other.receive(2)).toEqual(bytes(1, 2));
  expect(await other.receive()).toEqual(bytes(3, 4));
  expect(await one.receive()).toEqual(bytes(9));
});

everywhere(
  "a receiver that waits gets bytes as soon as there is one, at most as many as it asked for",
  async () => {
    const [one, other] = createMemoryByteStreams();
    const receiving = other.receive(2);
    await waitAllTasksBlocked();
    await one.send(bytes());
    await one.send(bytes(1, 2, 3));
    expect([await receiving, await other.receive()]).toEqual([bytes(1, 2), bytes(3)]);
  },
);

everywhere("send waits while the bytes do not fit: backpressure by bytes", async () => {
  const [one, other] = createMemoryByteStreams(4);
  let sent = false;
  await taskGroup(async (group) => {
    group.spawn(() => one.send(counted(10)).then(() => void (sent = true)));
    await waitAllTasksBlocked();
    expect([await other.receive(3), sent]).toEqual([counted(3), false]);
    expect(await other.receive(3)).toEqual(counted(3, 3));
    await waitAllTasksBlocked();
    expect(sent).toBe(true);
    expect(await other.receive()).toEqual(counted(4, 6));
  });
});

everywhere("size 0 is lockstep: send returns when the other side has received all", async () => {
  const [one, other] = createMemoryByteStreams(0);
  let sent = false;
  await taskGroup(async (group) => {
    group.spawn(() => one.send(counted(3)).then(() => void (sent = true)));
    await waitAllTasksBlocked();
    expect(await other.receive(2)).toEqual(counted(2));
    await waitAllTasksBlocked();
    expect(sent).toBe(false);
    expect(await other.receive(2)).toEqual(counted(1, 2));
    await waitAllTasksBlocked();
    expect(sent).toBe(true);
  });
});

everywhere("the bytes are the receiver's own: neither side sees what the other changes", async () => {
  const [one, other] = createMemoryByteStreams();
  const mine = bytes(1, 2);
  await one.send(mine);
  mine[0] = 9;
  const theirs = await other.receive(1);
  theirs[0] = 7;
  expect(await other.receive()).toEqual(bytes(2));
  const receiving = other.receive();
  await waitAllTasksBlocked();
  await one.send(mine);
  mine[1] = 9;
  expect(await receiving).toEqual(bytes(9, 2));
  expect(theirs.buffer.byteLength).toBe(1);
});

everywhere(
  "M4: sendEof is a half-close: the other side is at the end when it has all, again and again; back it goes on",
  async () => {
    const [one, other] = createMemoryByteStreams();
    await one.send(bytes(1));
    await one.sendEof();
    await one.sendEof();
    expect(await errorOf(one.send(bytes(2)))).toSatisfy(named("ClosedResourceError"));
    expect(await drained(other)).toEqual([1]);
    for (let times = 0; times < 2; times++)
      expect(await errorOf(other.receive())).toSatisfy(named("EndOfStream"));
    await other.send(bytes(3));
    expect(await one.receive()).toEqual(bytes(3));
  },
);

everywhere(
  "M4: closing, also by force, wakes who waits: here ClosedResourceError, there the end, or that it is broken",
  async () => {
    for (const close of ["close", "closeForcefully"] as const) {
      const [one, other] = createMemoryByteStreams(1);
      const waits = [
        one.receive(),
        one.send(counted(2)),
        other
          .receive(1)
          .then(() => other.receive(1))
          .then(() => other.receive()),
      ];
      await waitAllTasksBlocked();
      const sending = errorOf(other.send(counted(2)).then(() => other.send(counted(2))));
      await waitAllTasksBlocked();
      expect(await waits[1]).toBe(undefined);
      await one[close]();
      await one[close]();
      expect(await waits[0]).toEqual(counted(2));
      expect(await errorOf(waits[2]!)).toSatisfy(named("EndOfStream"));
      expect(await sending).toSatisfy(named("BrokenResourceError"));
      expect(await errorOf(one.send(bytes(1)))).toSatisfy(named("ClosedResourceError"));
      expect(await errorOf(one.receive())).toSatisfy(named("ClosedResourceError"));
      expect(await errorOf(other.send(bytes(1)))).toSatisfy(named("BrokenResourceError"));
    }
  },
);

everywhere("M4: closing the very side a task waits at wakes it with ClosedResourceError", async () => {
  const [one] = createMemoryByteStreams(1);
  const waits = [errorOf(one.receive()), errorOf(one.send(counted(2)))];
  await waitAllTasksBlocked();
  one.closeForcefully();
  for (const error of await Promise.all(waits)) expect(error).toSatisfy(named("ClosedResourceError"));
});

everywhere("M7: what has no room when its sender is closed is not sent; what had is received", async () => {
  const [one, other] = createMemoryByteStreams(2);
  const sending = errorOf(one.send(counted(5)));
  await waitAllTasksBlocked();
  await one.sendEof();
  expect(await sending).toSatisfy(named("ClosedResourceError"));
  expect(await drained(other)).toEqual([0, 1]);
});

everywhere(
  "M4: two tasks in one direction: BusyResourceError for the second; the other direction is free",
  async () => {
    const [one, other] = createMemoryByteStreams(1);
    const receiving = one.receive();
    const sending = one.send(counted(2));
    await waitAllTasksBlocked();
    expect(await errorOf(one.receive())).toSatisfy(named("BusyResourceError"));
    expect(await errorOf(one.send(bytes(1)))).toSatisfy(named("BusyResourceError"));
    await other.send(bytes(5));
    expect([await receiving, await other.receive(), await sending]).toEqual([
      bytes(5),
      counted(2),
      undefined,
    ]);
  },
);

everywhere("M5: closing releases in a cancelled scope too, and does not throw Cancelled", async () => {
  const [one, other] = createMemoryByteStreams();
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    await using end = one;
    await end.close();
  });
  expect(await errorOf(other.receive())).toSatisfy(named("EndOfStream"));
});

everywhere("M6: a cancelled receive loses no bytes", async () => {
  const [one, other] = createMemoryByteStreams();
  const scope = new CancelScope();
  const cut = scope.run(() => other.receive());
  await waitAllTasksBlocked();
  scope.cancel();
  await one.send(bytes(1));
  expect([await cut, await other.receive()]).toEqual([undefined, bytes(1)]);
});

everywhere("C5: bytes handed over in the step of the cancellation are delivered", async () => {
  const [one, other] = createMemoryByteStreams();
  const scope = new CancelScope();
  const received = scope.run(() => other.receive());
  await waitAllTasksBlocked();
  const sent = one.send(bytes(1)).then(() => scope.cancel());
  expect([await received, await sent]).toEqual([bytes(1), undefined]);
});

everywhere(
  "M7: a cancelled send may have sent a part: later ones throw BrokenResourceError; the part is received",
  async () => {
    const [one, other] = createMemoryByteStreams(2);
    const scope = new CancelScope();
    const cut = scope.run(() => one.send(counted(5)));
    await waitAllTasksBlocked();
    scope.cancel();
    await cut;
    expect(await errorOf(one.send(bytes(9)))).toSatisfy(named("BrokenResourceError"));
    await one.sendEof();
    expect(await errorOf(one.send(bytes(9)))).toSatisfy(named("ClosedResourceError"));
    expect(await drained(other)).toEqual([0, 1]);
  },
);

everywhere(
  "M7: a send in a scope that was cancelled before has sent nothing, and breaks nothing",
  async () => {
    const [one, other] = createMemoryByteStreams(2);
    await new CancelScope().run(async (scope) => {
      scope.cancel();
      expect(await errorOf(one.send(bytes(1)))).toSatisfy(isCancelled);
    });
    await one.send(bytes(2));
    expect(await other.receive()).toEqual(bytes(2));
  },
);

everywhere("bad arguments are errors at once", () => {
  const [one] = createMemoryByteStreams();
  for (const maxBytes of [0, -1, 1.5, NaN, Infinity, "1" as never])
    expect(thrownBy(() => void one.receive(maxBytes))).toBeInstanceOf(RangeError);
  for (const data of ["text", [1], new ArrayBuffer(1), undefined])
    expect(thrownBy(() => void one.send(data as never))).toBeInstanceOf(TypeError);
  for (const size of [-1, 0.5, NaN])
    expect(thrownBy(() => createMemoryByteStreams(size))).toBeInstanceOf(RangeError);
});

everywhere("a mebibyte in pieces goes through a small buffer whole", async () => {
  const [one, other] = createMemoryByteStreams(1000);
  const total = 2 ** 20;
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (let sent = 0; sent < total; sent += 4096) await one.send(new Uint8Array(4096).fill(sent >> 12));
      await one.sendEof();
    });
    let received = 0;
    for await (const chunk of other)
      for (const byte of chunk) if (byte !== ((received++ >> 12) & 255)) throw new Error("lost");
    expect(received).toBe(total);
  });
});

type Op = "send" | "receive" | "cancelSend" | "cancelReceive" | "eof";
const step = fc.record({
  op: fc.constantFrom<Op>(
    "send",
    "send",
    "send",
    "receive",
    "receive",
    "receive",
    "cancelSend",
    "cancelReceive",
    "eof",
  ),
  count: fc.integer({ min: 1, max: 9 }),
});

everywhere(
  "M4, M6, M7: a direction under any calls gives the bytes in order, none lost, none twice",
  async () => {
    const check = async (size: number, steps: readonly { op: Op; count: number }[]): Promise<void> => {
      const [one, other] = createMemoryByteStreams(size);
      const received: number[] = [];
      let sent = 0;
      // What the model knows: how much is buffered, who waits, and whether a send was cut.
      let [cut, ended] = [false, false];
      let sender: { scope: CancelScope; done: Promise<unknown>; until: number } | undefined;
      let receiver: { scope: CancelScope; done: Promise<unknown> } | undefined;
      const act: Record<Op, (count: number) => void> = {
        send: (count) => {
          if (sender !== undefined || cut || ended) {
            const fault = ended
              ? "ClosedResourceError"
              : sender !== undefined
                ? "BusyResourceError"
                : "BrokenResourceError";
            void errorOf(one.send(counted(count))).then((error) => expect(error).toSatisfy(named(fault)));
            return;
          }
          const scope = new CancelScope();
          const until = sent + count;
          const done = scope.run(() => one.send(counted(count, sent))).then(() => (sender = undefined));
          sender = { scope, done, until };
          sent = until;
        },
        receive: (count) => {
          if (receiver !== undefined)
            return void errorOf(other.receive()).then((error) =>
              expect(error).toSatisfy(named("BusyResourceError")),
            );
          const scope = new CancelScope();
          const done = scope
            .run(() =>
              other.receive(count).then(
                (chunk) => {
                  expect(chunk.length).toBeLessThanOrEqual(count);
                  received.push(...chunk);
                },
                (error: unknown) => {
                  if (!named("EndOfStream")(error)) throw error;
                  expect(ended).toBe(true);
                },
              ),
            )
            .then(() => (receiver = undefined));
          receiver = { scope, done };
        },
        cancelSend: () => {
          if (sender === undefined) return;
          sender.scope.cancel();
          cut = true;
        },
        cancelReceive: () => receiver?.scope.cancel(),
        eof: () => {
          if (ended || sender !== undefined) return;
          ended = true;
          void one.sendEof();
        },
      };
      for (const { op, count } of steps) {
        act[op](count);
        await waitAllTasksBlocked();
        expect(received).toEqual([...counted(received.length)]);
        // A sender waits only while there is more than fits; a receiver only while there is nothing.
        if (sender !== undefined) expect(sender.until - received.length).toBeGreaterThan(size);
        if (receiver !== undefined && !cut) expect(received.length).toBe(sent);
      }
      act.cancelSend(0);
      act.cancelReceive(0);
      await waitAllTasksBlocked();
      await one.sendEof();
      received.push(...(await drained(other)));
      expect(received).toEqual([...counted(received.length)]);
      if (!cut) expect(received.length).toBe(sent);
    };
    const property = fc.asyncProperty(fc.nat(6), fc.array(step, { maxLength: 40 }), check);
    await fc.assert(property, { numRuns: 300, seed: 1 });
  },
);

test("M7: a send whose deadline passes while it begins has sent nothing", async () => {
  let time = 0;
  // Each look takes a ms, so the deadline passes at one look after the other; later ones while the send waits.
  const arm: Clock["arm"] = (at, wake) => void setTimeout(() => [(time = at), wake()]);
  const clock: Clock = { now: () => time++, arm, hold: () => {} };
  const ends = new Set<string>();
  for (let looks = 0; looks < 8; looks++) {
    const [one, other] = createMemoryByteStreams(2);
    const program = async (): Promise<void> => {
      await moveOnAt(time + looks, () => one.send(counted(4)));
      const came = drained(other);
      const error: unknown = await one.send(counted(2, 10)).then(undefined, (thrown: unknown) => thrown);
      ends.add(error === undefined ? "goes on" : "broken");
      await one.close();
      expect(await came).toEqual(error === undefined ? [10, 11] : [0, 1]);
    };
    await run(program, { backend: { name: "a clock that looks move", clock } });
  }
  expect([...ends]).toEqual(["goes on", "broken"]);
});
