import { moveOnAfter, shield } from "@arborio/cancellation";
import { currentTime, isError, sleep } from "@arborio/core";
import { lingeringClose } from "@arborio/net";
import { createMemoryByteStreams, type ByteStream } from "@arborio/streams";
import { CapacityLimiter } from "@arborio/sync";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint } from "@arborio/testing";
import { test as simulated } from "@arborio/testing/vitest";
import { expect, test } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";
import { FakeSocket } from "./fake-net.ts";
import { serving } from "./serving.ts";

const KIB = new Uint8Array(1_024);

/** Two ends; the second one says whether the first was closed. */
function pair(): readonly [here: ByteStream, there: ByteStream, isClosed: () => Promise<boolean>] {
  const [here, there] = createMemoryByteStreams();
  const isClosed = async (): Promise<boolean> =>
    isError(await errorOf(here.send(KIB)), "ClosedResourceError");
  return [here, there, isClosed];
}

simulated("it ends the sending at once, and closes when the other side has ended its own", async () => {
  const [here, there, isClosed] = pair();
  await there.send(KIB);
  await taskGroup(async (group) => {
    group.spawn(() => lingeringClose(here));
    expect(isError(await errorOf(there.receive()), "EndOfStream")).toBe(true);
    await sleep(100);
    await there.send(KIB);
    await there.sendEof();
  });
  expect([currentTime(), await isClosed()]).toEqual([100, true]);
});

simulated("a silent other side is waited for half a second", async () => {
  const [here, , isClosed] = pair();
  await lingeringClose(here);
  expect([currentTime(), await isClosed()]).toEqual([500, true]);
});

simulated("one that goes on is waited for five seconds in all", async () => {
  const [here, there, isClosed] = pair();
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (;;) {
        await there.send(KIB);
        await sleep(300);
      }
    });
    await lingeringClose(here);
    group.cancel();
  });
  expect([currentTime(), await isClosed()]).toEqual([5_000, true]);
});

simulated("what is received is bounded in bytes", async () => {
  const [here, there, isClosed] = pair();
  let sent = 0;
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (;;) {
        await there.send(KIB);
        sent++;
      }
    });
    await lingeringClose(here, { maxBytes: 1 << 20 });
    group.cancel();
  });
  expect(currentTime()).toBe(0);
  expect(sent).toBeGreaterThanOrEqual(1_024);
  expect(sent).toBeLessThan(1_024 + 3 * 64);
  expect(await isClosed()).toBe(true);
});

simulated("the bounds can be chosen", async () => {
  await lingeringClose(pair()[0], { idle: 20 });
  expect(currentTime()).toBe(20);
  await lingeringClose(pair()[0], { timeout: 10 });
  expect(currentTime()).toBe(30);
});

simulated("M5: cancelled, it closes at once", async () => {
  const [here, , isClosed] = pair();
  await moveOnAfter(50, () => lingeringClose(here));
  expect([currentTime(), await isClosed()]).toEqual([50, true]);
});

simulated("a stream that is closed or broken is closed, and that is all", async () => {
  const [here, there] = pair();
  await here.close();
  await lingeringClose(here);
  await there.close();
  const [one, other, isClosed] = pair();
  other.closeForcefully();
  await lingeringClose(one);
  expect([currentTime(), await isClosed()]).toEqual([0, true]);
});

test("C4: cancelled at any point, it leaves the stream closed", async () => {
  const program = async ({ track }: { track: (name: string) => () => void }): Promise<void> => {
    const [here, there] = createMemoryByteStreams();
    const closed = track("the stream");
    try {
      await taskGroup(async (group) => {
        group.spawn(() => there.send(KIB));
        await lingeringClose(here);
      });
    } finally {
      const error = await shield(() => errorOf(here.send(KIB)));
      if (isError(error, "ClosedResourceError")) closed();
    }
  };
  expect(await cancelAtEveryPoint(program)).toBeGreaterThan(5);
});

test("bad arguments are told at once", () => {
  const [stream] = createMemoryByteStreams();
  expect(() => lingeringClose({} as ByteStream)).toThrow(TypeError);
  expect(() => lingeringClose(undefined as unknown as ByteStream)).toThrow(TypeError);
  for (const options of [{ timeout: 0 }, { idle: NaN }, { maxBytes: 0.5 }])
    expect(() => lingeringClose(stream, options)).toThrow(RangeError);
});

serving("serve: behind an answer it lingers, and holds its place meanwhile", async ({ raw, listener }) => {
  const socket = raw.arrive(new FakeSocket());
  const limiter = new CapacityLimiter(1);
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve((stream) => stream.send(KIB), { limit: limiter }));
    await sleep(100);
    expect([socket.closed, limiter.borrowedTokens]).toEqual(["no", 1]);
    socket.arrive(KIB);
    await sleep(450);
    expect([socket.closed, limiter.borrowedTokens]).toEqual(["no", 1]);
    await sleep(100);
    expect([socket.closed, limiter.borrowedTokens]).toEqual(["closed", 0]);
    await listener.close();
  });
});

serving("serve: the end of the other side ends the lingering", async ({ raw, listener }) => {
  const socket = raw.arrive(new FakeSocket());
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve((stream) => stream.send(KIB)));
    await sleep(10);
    socket.arrive(null);
    await sleep(1);
    expect(socket.closed).toBe("closed");
    await listener.close();
  });
});

serving("serve: where nothing can be cut off it closes at once", async ({ raw, listener }) => {
  const [silent, ended] = [raw.arrive(new FakeSocket()), raw.arrive(new FakeSocket())];
  await taskGroup(async (group) => {
    group.spawn(() =>
      listener.serve(async (stream) => {
        if (silent.closed === "no") return;
        await stream.send(KIB);
        await errorOf(stream.receive());
      }),
    );
    await sleep(1);
    expect(silent.closed).toBe("closed");
    ended.arrive(null);
    await sleep(1);
    expect(ended.closed).toBe("closed");
    await listener.close();
  });
});

serving("serve: when the grace is over the lingering is too", async ({ raw, listener }) => {
  const socket = raw.arrive(new FakeSocket());
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve((stream) => stream.send(KIB), { grace: 20 }));
    await sleep(10);
    await listener.close();
  });
  expect([currentTime(), socket.closed]).toEqual([30, "closed"]);
});
