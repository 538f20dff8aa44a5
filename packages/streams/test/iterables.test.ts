import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { isCancelled, isError, sleep, sleepForever } from "@arborio/core";
import { fromByteIterable, fromIterable, type ObjectReceiveStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint, simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { expect, test } from "vitest";
import { onRealClock } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { bytes, text } from "./memory-byte-stream.ts";

// To the simulation a step is what it does not govern: it waits for it before time moves.
const patient = createTest({ backend: () => simulation({ patience: 10 }) });

function timed(name: string, fn: () => unknown): void {
  patient(`${name} (in the simulation)`, fn);
}

function everywhere(name: string, fn: () => unknown): void {
  timed(name, fn);
  onRealClock(name, fn);
}

everywhere(
  "fromIterable gives what an iterable gives, of either kind, and then the end, again and again",
  async () => {
    async function* numbers(): AsyncGenerator<number | null> {
      yield 1;
      await sleep(1);
      yield null;
    }
    for (const iterable of [numbers(), [1, null], new Set([1, null])]) {
      const stream = fromIterable<number | null>(iterable);
      expect([await stream.receive(), await stream.receive()]).toEqual([1, null]);
      for (let i = 0; i < 2; i++) expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
      await stream.close();
    }
  },
);

everywhere("and back: it is an async iterable itself, and leaving the loop leaves it open", async () => {
  const stream = fromIterable(["a", "b", "c"]);
  for await (const item of stream) if (item === "a") break;
  const rest: string[] = [];
  for await (const item of stream) rest.push(item);
  expect(rest).toEqual(["b", "c"]);
  await stream.close();
});

everywhere("fromByteIterable: chunks in parts if they are too long, empty ones left out", async () => {
  const stream = fromByteIterable([bytes("abc"), bytes(""), bytes("d")]);
  const parts = [await stream.receive(2), await stream.receive(), await stream.receive()];
  expect(parts.map(text)).toEqual(["ab", "c", "d"]);
  expect(isError(await errorOf(stream.receive()), "EndOfStream")).toBe(true);
  await stream.close();
});

everywhere(
  "M4: what the iterable throws is the cause of a BrokenResourceError, again and again",
  async () => {
    const fault = new RangeError("boom");
    const steps: (() => Promise<IteratorResult<never>>)[] = [() => Promise.reject(fault)];
    const end = async (): Promise<IteratorResult<never>> => ({ done: true, value: undefined });
    const stream = fromIterable({ [Symbol.asyncIterator]: () => ({ next: () => (steps.pop() ?? end)() }) });
    for (let i = 0; i < 2; i++)
      expect(await errorOf(stream.receive())).toMatchObject({
        code: "ERR_BROKEN_RESOURCE",
        message: "Cannot receive: the iterable is broken",
        cause: fault,
      });
    await stream.close();
  },
);

everywhere("M4: busy, closed meanwhile, and closed", async () => {
  const stream = fromIterable({
    [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }),
  });
  const waiting = errorOf(stream.receive());
  expect(isError(await errorOf(stream.receive()), "BusyResourceError")).toBe(true);
  await stream.close();
  expect(isError(await waiting, "ClosedResourceError")).toBe(true);
  expect(isError(await errorOf(stream.receive()), "ClosedResourceError")).toBe(true);
});

everywhere("M5: closing it comes to the generator's finally", async () => {
  const seen: string[] = [];
  const stream = fromIterable(
    (async function* () {
      try {
        yield 1;
        yield 2;
      } finally {
        await sleep(1);
        seen.push("finally");
      }
    })(),
  );
  await stream.receive();
  await stream.close();
  await stream.close();
  expect(seen).toEqual(["finally"]);
});

everywhere("M5: closing it calls return once, and not after the end, as a loop does", async () => {
  for (const toTheEnd of [false, true]) {
    const items = [1];
    let returns = 0;
    const iterator: AsyncIterator<number> = {
      next: async () => ({ done: items.length === 0, value: items.pop()! }),
      return: async () => ({ done: true, value: returns++ }),
    };
    const stream = fromIterable({ [Symbol.asyncIterator]: () => iterator });
    await stream.receive();
    if (toTheEnd) await errorOf(stream.receive());
    await stream.close();
    stream.closeForcefully();
    await stream[Symbol.asyncDispose]();
    await sleep(0);
    expect(returns).toBe(toTheEnd ? 0 : 1);
  }
});

timed(
  "M6: a cancelled receive does not cancel the step of a generator; what it gives goes to the next",
  async () => {
    const stream = fromIterable(
      (async function* () {
        for (let item = 0; ; item++) {
          await sleep(10);
          yield item;
        }
      })(),
    );
    expect(await moveOnAfter(5, () => stream.receive())).toBeUndefined();
    expect([await stream.receive(), await stream.receive()]).toEqual([0, 1]);
    await stream.close();
  },
);

timed("M5: a close that is cancelled is closed all the same, and says so", async () => {
  const stream = fromIterable(
    (async function* () {
      try {
        yield 1;
      } finally {
        await sleep(10);
      }
    })(),
  );
  await stream.receive();
  const scope = new CancelScope();
  let error: unknown;
  await scope.run(async () => {
    scope.cancel();
    error = await errorOf(stream.close());
  });
  expect(isCancelled(error)).toBe(true);
  expect(isError(await errorOf(stream.receive()), "ClosedResourceError")).toBe(true);
  await stream.close();
});

timed("C20: steps run in the scope in which the stream was made, and are cancelled with it", async () => {
  await taskGroup(async (group) => {
    const stream = await group.start<ObjectReceiveStream<never>>((task) =>
      moveOnAfter(10, async () => {
        // eslint-disable-next-line require-yield
        const steps = (async function* () {
          await sleepForever();
        })();
        task.started(fromIterable<never>(steps));
        await sleepForever();
      }),
    );
    const error = await errorOf(stream.receive());
    expect(isError(error, "BrokenResourceError") && isCancelled(error.cause)).toBe(true);
    await stream.close();
  });
});

everywhere("bad input throws at once", () => {
  for (const bad of [undefined, null, 1, {}])
    expect(thrownBy(() => fromIterable(bad as never))).toBeInstanceOf(TypeError);
});

test("it can be cancelled at every point", async () => {
  await cancelAtEveryPoint(async ({ track }) => {
    const stream = fromByteIterable([bytes("ab"), bytes("c")]);
    const closed = track("the stream");
    try {
      for await (const chunk of stream) expect(chunk.length).toBeGreaterThan(0);
    } finally {
      await stream[Symbol.asyncDispose]();
      closed();
    }
  });
});
