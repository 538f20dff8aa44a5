import { isCancelled, isError, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { createMemoryObjectStream, type MemoryObjectReceiveStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, onRealClock, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const named = (name: string) => (error: unknown) => isError(error, name as "EndOfStream");

/** Starts a wait in a scope of its own, and lets it begin. */
async function waiting<T>(
  wait: () => Promise<T>,
): Promise<{ scope: CancelScope; done: Promise<T | undefined> }> {
  const scope = new CancelScope();
  const done = scope.run(wait);
  await waitAllTasksBlocked();
  return { scope, done };
}

async function drained<T>(receive: MemoryObjectReceiveStream<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of receive) items.push(item);
  return items;
}

everywhere("M1: size 0 is a rendezvous: send returns when a receiver has taken the item", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  const log: string[] = [];
  await taskGroup(async (group) => {
    group.spawn(async () => {
      await send.send("a");
      log.push("sent");
    });
    await waitAllTasksBlocked();
    expect(log).toEqual([]);
    log.push(await receive.receive());
  });
  expect(log.sort()).toEqual(["a", "sent"]);
  expect(createMemoryObjectStream()[0].statistics().bufferSize).toBe(0);
});

everywhere("M1: send waits while the buffer is full, and goes on in order when there is room", async () => {
  const [send, receive] = createMemoryObjectStream<number>(2);
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (const item of [1, 2, 3, 4]) await send.send(item);
      send.closeForcefully();
    });
    await waitAllTasksBlocked();
    expect(send.statistics()).toMatchObject({ bufferUsed: 2, tasksWaitingSend: 1 });
    expect(await drained(receive)).toEqual([1, 2, 3, 4]);
  });
});

everywhere("M1: a stream of size Infinity never has a sender wait", async () => {
  const [send, receive] = createMemoryObjectStream<number>(Infinity);
  for (let item = 0; item < 1e5; item++) send.sendNowait(item);
  await send.close();
  expect(send.statistics()).toMatchObject({ bufferUsed: 1e5, bufferPeak: 1e5, bufferSize: Infinity });
  let next = 0;
  for await (const item of receive) if (item !== next++) throw new Error(`${item} out of order`);
  expect(next).toBe(1e5);
});

everywhere(
  "M1: what is buffered is received after the last sender closed, then EndOfStream, again and again",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(2);
    await send.send("a");
    await send.send("b");
    await send.close();
    expect([await receive.receive(), receive.receiveNowait()]).toEqual(["a", "b"]);
    for (let times = 0; times < 2; times++) {
      expect(await errorOf(receive.receive())).toSatisfy(named("EndOfStream"));
      expect(thrownBy(() => receive.receiveNowait())).toSatisfy(named("EndOfStream"));
    }
  },
);

everywhere(
  "M1: the last sender closing wakes the receivers that wait, with EndOfStream, an error each",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(1);
    const waits = [errorOf(receive.receive()), errorOf(receive.receive())];
    await waitAllTasksBlocked();
    expect(receive.statistics().tasksWaitingReceive).toBe(2);
    await send.close();
    const errors = await Promise.all(waits);
    for (const error of errors) expect(error).toSatisfy(named("EndOfStream"));
    expect(errors[0]).not.toBe(errors[1]);
  },
);

everywhere(
  "M1: after the last receiver closed: BrokenResourceError for blocked and later senders, falsy items too",
  async () => {
    const [send, receive] = createMemoryObjectStream<number | undefined>(0);
    const blocked = [errorOf(send.send(0)), errorOf(send.send(undefined))];
    await waitAllTasksBlocked();
    await receive.close();
    for (const error of await Promise.all(blocked)) expect(error).toSatisfy(named("BrokenResourceError"));
    expect(await errorOf(send.send(1))).toSatisfy(named("BrokenResourceError"));
    expect(thrownBy(() => send.sendNowait(1))).toSatisfy(named("BrokenResourceError"));
  },
);

everywhere("M1: what is buffered is dropped with the last receiver; a clone keeps it", async () => {
  const [send, receive] = createMemoryObjectStream<string>(3);
  await send.send("a");
  const clone = receive.clone();
  await receive.close();
  expect([await clone.receive(), send.statistics().openReceiveEnds]).toEqual(["a", 1]);
  await send.send("b");
  await clone.close();
  expect(send.statistics()).toMatchObject({ bufferUsed: 0, openReceiveEnds: 0 });
});

everywhere("M2: each clone closes alone; the others, and the other side, go on", async () => {
  const [send, receive] = createMemoryObjectStream<string>(5);
  const [send2, receive2] = [send.clone(), receive.clone()];
  await send.close();
  await receive.close();
  await send2.send("a");
  expect(await receive2.receive()).toBe("a");
  expect(send2.statistics()).toMatchObject({ openSendEnds: 1, openReceiveEnds: 1 });
  await send2.close();
  expect(await drained(receive2)).toEqual([]);
});

everywhere(
  "M2: closing the very end a task waits on wakes it with ClosedResourceError, a task at a clone waits on",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(0);
    const clone = receive.clone();
    const mine = errorOf(receive.receive());
    const theirs = clone.receive();
    await waitAllTasksBlocked();
    await receive.close();
    expect(await mine).toSatisfy(named("ClosedResourceError"));
    expect(receive.statistics().tasksWaitingReceive).toBe(1);
    await send.send("a");
    expect(await theirs).toBe("a");
  },
);

everywhere("M2: so does closing the end a task sends by, and its item is not sent", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  const clone = send.clone();
  const mine = errorOf(send.send("mine"));
  await waitAllTasksBlocked();
  const theirs = clone.send("theirs");
  await waitAllTasksBlocked();
  await send.close();
  expect(await mine).toSatisfy(named("ClosedResourceError"));
  expect(await receive.receive()).toBe("theirs");
  await theirs;
});

everywhere(
  "M2: closing the last end of a side: who waits at it is told that it is closed, the others that it ends",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(0);
    const sending = errorOf(send.send("a"));
    await waitAllTasksBlocked();
    await receive.close();
    await send.close();
    expect(await sending).toSatisfy(named("BrokenResourceError"));
    const [send2, receive2] = createMemoryObjectStream<string>(0);
    const receiving = errorOf(receive2.receive());
    await waitAllTasksBlocked();
    await receive2.close();
    await send2.close();
    expect(await receiving).toSatisfy(named("ClosedResourceError"));
  },
);

everywhere(
  "M4: a closed end: ClosedResourceError for whatever it is asked, and for a clone of it",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(1);
    await send.send("a");
    send.closeForcefully();
    receive.closeForcefully();
    expect(await errorOf(send.send("b"))).toSatisfy(named("ClosedResourceError"));
    expect(await errorOf(receive.receive())).toSatisfy(named("ClosedResourceError"));
    for (const act of [
      () => send.sendNowait("b"),
      () => send.clone(),
      () => receive.receiveNowait(),
      () => receive.clone(),
    ])
      expect(thrownBy(act)).toSatisfy(named("ClosedResourceError"));
  },
);

everywhere(
  "M5: closing is idempotent however it is done, in a cancelled scope too, and never waits",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(1);
    const clone = send.clone();
    await new CancelScope().run(async (scope) => {
      scope.cancel();
      await send.close();
      await send.close();
      send.closeForcefully();
      await send[Symbol.asyncDispose]();
      send[Symbol.dispose]();
    });
    expect(receive.statistics().openSendEnds).toBe(1);
    {
      using end = clone;
      await using other = receive;
      end.sendNowait("a");
      expect(other.statistics()).toMatchObject({ openSendEnds: 1, openReceiveEnds: 1 });
    }
    expect(receive.statistics()).toMatchObject({ openSendEnds: 0, openReceiveEnds: 0 });
  },
);

everywhere("M3: sendNowait and receiveNowait throw WouldBlock when they would have to wait", async () => {
  const [send, receive] = createMemoryObjectStream<number>(2);
  expect(thrownBy(() => receive.receiveNowait())).toSatisfy(named("WouldBlock"));
  send.sendNowait(1);
  send.sendNowait(2);
  expect(thrownBy(() => send.sendNowait(3))).toSatisfy(named("WouldBlock"));
  expect([receive.receiveNowait(), receive.receiveNowait()]).toEqual([1, 2]);
  const [rendezvous] = createMemoryObjectStream<number>(0);
  expect(thrownBy(() => rendezvous.sendNowait(1))).toSatisfy(named("WouldBlock"));
});

everywhere(
  "M3: two receivers that wait are served in order by two sendNowait, and nothing can be stolen",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(0);
    const first = receive.receive();
    await waitAllTasksBlocked();
    const second = receive.receive();
    await waitAllTasksBlocked();
    send.sendNowait("a");
    send.sendNowait("b");
    expect(thrownBy(() => receive.receiveNowait())).toSatisfy(named("WouldBlock"));
    expect(thrownBy(() => send.sendNowait("c"))).toSatisfy(named("WouldBlock"));
    expect([await first, await second]).toEqual(["a", "b"]);
  },
);

everywhere("M3: the room that a receiver makes belongs to the sender that waits", async () => {
  const [send, receive] = createMemoryObjectStream<string>(1);
  send.sendNowait("a");
  const blocked = send.send("b");
  await waitAllTasksBlocked();
  expect(receive.receiveNowait()).toBe("a");
  expect(thrownBy(() => send.sendNowait("c"))).toSatisfy(named("WouldBlock"));
  await blocked;
  expect(receive.receiveNowait()).toBe("b");
});

everywhere("M3: receiveNowait takes from a sender that waits for a rendezvous", async () => {
  const [send, receive] = createMemoryObjectStream<undefined>(0);
  const sending = send.send(undefined);
  await waitAllTasksBlocked();
  expect(receive.receiveNowait()).toBe(undefined);
  await sending;
});

everywhere("M3: five receivers that loop all get their share", async () => {
  const [send, receive] = createMemoryObjectStream<number>(0);
  const counts = [0, 0, 0, 0, 0];
  await taskGroup(async (group) => {
    counts.forEach((_, index) =>
      group.spawn(async () => {
        for await (const _item of receive) counts[index] = (counts[index] ?? 0) + 1;
      }),
    );
    for (let item = 0; item < 50; item++) await send.send(item);
    await send.close();
  });
  // On a loaded machine one may have to yield a turn, and miss its own in line.
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(8);
  expect(counts.reduce((sum, count) => sum + count)).toBe(50);
});

everywhere("C3: in a cancelled scope send sends nothing, and receive takes nothing", async () => {
  const [send, receive] = createMemoryObjectStream<string>(2);
  await send.send("a");
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    expect(await errorOf(send.send("b"))).toSatisfy(isCancelled);
    expect(await errorOf(receive.receive())).toSatisfy(isCancelled);
  });
  expect(send.statistics()).toMatchObject({ bufferUsed: 1, tasksWaitingSend: 0, tasksWaitingReceive: 0 });
  expect(await receive.receive()).toBe("a");
});

everywhere(
  "C5: a cancelled receive leaves no receiver behind: what is sent next goes to another, or nowhere",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(0);
    const { scope, done } = await waiting(() => receive.receive());
    const second = receive.receive();
    await waitAllTasksBlocked();
    scope.cancel();
    expect(send.statistics().tasksWaitingReceive).toBe(1);
    send.sendNowait("a");
    expect([await second, await done]).toEqual(["a", undefined]);
    expect(thrownBy(() => send.sendNowait("b"))).toSatisfy(named("WouldBlock"));
  },
);

everywhere("C5: what was sent to a receiver that is cancelled in the same step is delivered", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  const { scope, done } = await waiting(() => receive.receive());
  send.sendNowait("a");
  scope.cancel();
  expect(await done).toBe("a");
});

everywhere("C5: what is sent after the receiver was cancelled goes into the buffer", async () => {
  const [send, receive] = createMemoryObjectStream<string>(1);
  const { scope, done } = await waiting(() => receive.receive());
  scope.cancel();
  send.sendNowait("a");
  expect([await done, receive.receiveNowait()]).toEqual([undefined, "a"]);
});

everywhere("M7: a cancelled send has sent nothing; those behind it go on", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  const { scope, done } = await waiting(() => send.send("a"));
  const second = send.send("b");
  await waitAllTasksBlocked();
  scope.cancel();
  await done;
  expect(send.statistics().tasksWaitingSend).toBe(1);
  expect(await receive.receive()).toBe("b");
  await second;
  expect(thrownBy(() => receive.receiveNowait())).toSatisfy(named("WouldBlock"));
});

everywhere(
  "M7: a send whose item was taken in the step of the cancellation has sent it, and returns",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(0);
    const log: string[] = [];
    const { scope, done } = await waiting(() => send.send("a").then(() => log.push("sent")));
    log.push(receive.receiveNowait());
    scope.cancel();
    await done;
    expect(log).toEqual(["a", "sent"]);
  },
);

everywhere("C17: a foreign signal ends one wait, with its reason", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  const controller = new AbortController();
  const waits = [
    errorOf(receive.receive({ signal: controller.signal })),
    errorOf(createMemoryObjectStream(0)[0].send("a", { signal: controller.signal })),
  ];
  await waitAllTasksBlocked();
  controller.abort("enough");
  expect(await Promise.all(waits)).toEqual(["enough", expect.anything()]);
  expect(send.statistics().tasksWaitingReceive).toBe(0);
  expect(await errorOf(receive.receive({ signal: controller.signal }))).toBe("enough");
});

timed("C11: a timeout around receive takes nothing", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  expect(await moveOnAfter(10, () => receive.receive())).toBe(undefined);
  await taskGroup(async (group) => {
    group.spawn(() => send.send("a"));
    await sleep(1);
    expect(await receive.receive()).toBe("a");
  });
});

everywhere("S5: statistics, frozen and the same at both ends, tell all phases; the peak stays", async () => {
  const [send, receive] = createMemoryObjectStream<number>(1);
  const now = (): number[] => {
    const s = send.statistics();
    expect(receive.statistics()).toEqual(s);
    expect(Object.isFrozen(s)).toBe(true);
    return [
      s.bufferUsed,
      s.bufferPeak,
      s.openSendEnds,
      s.openReceiveEnds,
      s.tasksWaitingSend,
      s.tasksWaitingReceive,
    ];
  };
  expect(now()).toEqual([0, 0, 1, 1, 0, 0]);
  const early = receive.receive();
  await waitAllTasksBlocked();
  expect(now()).toEqual([0, 0, 1, 1, 0, 1]);
  send.sendNowait(1);
  expect(now()).toEqual([0, 0, 1, 1, 0, 0]);
  send.sendNowait(2);
  const blocked = send.send(3);
  await waitAllTasksBlocked();
  expect(now()).toEqual([1, 1, 1, 1, 1, 0]);
  receive.receiveNowait();
  expect(now()).toEqual([1, 1, 1, 1, 0, 0]);
  const clone = send.clone();
  expect(now()).toEqual([1, 1, 2, 1, 0, 0]);
  receive.receiveNowait();
  clone.closeForcefully();
  expect(now()).toEqual([0, 1, 1, 1, 0, 0]);
  expect(await early).toBe(1);
  await blocked;
});

everywhere("both ends may be closed by their tasks after a rendezvous", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  await taskGroup((group) => {
    group.spawn(async () => {
      using end = receive;
      expect(await end.receive()).toBe("a");
    });
    group.spawn(async () => {
      using end = send;
      await end.send("a");
    });
  });
});

everywhere(
  "a loop over the stream ends with it, leaves it open when left, and goes on with an error",
  async () => {
    const [send, receive] = createMemoryObjectStream<string>(3);
    for (const item of ["a", "b", "c"]) await send.send(item);
    for await (const item of receive) {
      expect(item).toBe("a");
      break;
    }
    await send.close();
    expect(await drained(receive)).toEqual(["b", "c"]);
    await receive.close();
    expect(await errorOf(drained(receive))).toSatisfy(named("ClosedResourceError"));
  },
);

everywhere("bad sizes are RangeErrors, at once", () => {
  for (const size of [
    -1,
    0.5,
    NaN,
    -Infinity,
    "1" as unknown as number,
    null as unknown as number,
    1n as unknown as number,
  ])
    expect(thrownBy(() => createMemoryObjectStream(size))).toBeInstanceOf(RangeError);
  expect(thrownBy(() => createMemoryObjectStream(NaN))).toMatchObject({
    message:
      "Cannot create a memory object stream: size must be an integer of at least 0 or Infinity, received NaN",
  });
  expect(thrownBy(() => createMemoryObjectStream(1, { order: "lifo" as never }))).toBeInstanceOf(TypeError);
});

onRealClock(
  "1e5 receivers wait at once: each gets its item, in order, and cancelling them all leaves none",
  async () => {
    const [send, receive] = createMemoryObjectStream<number>(0);
    const count = 1e5;
    const scope = new CancelScope();
    let inOrder = 0;
    const received = Array.from({ length: count }, (_, index) =>
      receive.receive().then((item) => void (inOrder += Number(item === index))),
    );
    await waitAllTasksBlocked();
    expect(send.statistics().tasksWaitingReceive).toBe(count);
    for (let item = 0; item < count; item++) send.sendNowait(item);
    await Promise.all(received);
    expect(inOrder).toBe(count);
    const cut = scope.run(() => Promise.all(Array.from({ length: count }, () => receive.receive())));
    await waitAllTasksBlocked();
    scope.cancel();
    expect(await cut).toBe(undefined);
    expect(send.statistics().tasksWaitingReceive).toBe(0);
  },
);

onRealClock("F1: two tasks that send and receive without end let timers run", async () => {
  const [send, receive] = createMemoryObjectStream<number>(64);
  let woken = false;
  // If they starve timers this never ends.
  await taskGroup(async (group) => {
    group.spawn(async () => {
      for (let item = 0; ; item++) await send.send(item);
    });
    group.spawn(async () => {
      for await (const _ of receive);
    });
    await sleep(20);
    woken = true;
    group.cancel();
  });
  expect(woken).toBe(true);
});

everywhere("floating waits that are cancelled are no unhandled rejections", async () => {
  const [send, receive] = createMemoryObjectStream<number>(0);
  const scope = new CancelScope();
  await scope.run(async () => {
    void send.clone().send(1);
    await waitAllTasksBlocked();
    void receive.receive();
    void receive.receive();
    void receive[Symbol.asyncIterator]().next();
    await waitAllTasksBlocked();
    scope.cancel();
    void send.send(2);
    void receive.receive();
  });
  await waitAllTasksBlocked();
  expect(send.statistics()).toMatchObject({ tasksWaitingSend: 0, tasksWaitingReceive: 0 });
});

onRealClock(
  "M2: 6e4 clones with a task waiting at each are closed in any order, each at the cost of one",
  async () => {
    const [send, receive] = createMemoryObjectStream<number>(0);
    const clones = Array.from({ length: 6e4 }, () => receive.clone());
    let closed = 0;
    const waits = clones.map((clone) => clone.receive().catch(() => closed++));
    await waitAllTasksBlocked();
    // One pass over all that wait for each of them takes minutes: more than a test may.
    for (const clone of clones.toReversed()) clone.closeForcefully();
    await Promise.all(waits);
    expect([closed, send.statistics().tasksWaitingReceive]).toEqual([clones.length, 0]);
  },
);
