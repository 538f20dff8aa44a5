import fc from "fast-check";
import { isCancelled, isError, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import { createWorkQueue, lifoOrder, priorityOrder } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const named = (name: string) => (error: unknown) => isError(error, name as "EndOfStream");

timed("join waits until taskDone was called for each item that was sent", async () => {
  const [send, receive] = createWorkQueue<number>();
  const done: number[] = [];
  await taskGroup(async (group) => {
    for (let worker = 0; worker < 2; worker++)
      group.spawn(async () => {
        for await (const item of receive) {
          await sleep(item);
          done.push(item);
          receive.taskDone();
        }
      });
    for (const item of [3, 1, 2]) await send.send(item);
    await send.join();
    expect(done.length).toBe(3);
    expect(send.statistics()).toMatchObject({ unfinished: 0, bufferSize: Infinity });
    await send.join();
    group.cancel();
  });
});

everywhere("join works at a closed end; all who join are woken", async () => {
  const [send, receive] = createWorkQueue<string>(2);
  const clone = send.clone();
  await send.send("a");
  const joins = [send.join(), clone.join(), send.join()];
  send.closeForcefully();
  clone.closeForcefully();
  await waitAllTasksBlocked();
  expect(await receive.receive()).toBe("a");
  receive.closeForcefully();
  expect(await Promise.all(joins.map(errorOf))).toSatisfy((errors: unknown[]) =>
    errors.every(named("BrokenResourceError")),
  );
  receive.taskDone();
  await send.join();
});

everywhere("a cancelled join waits no more, and the others still do", async () => {
  const [send, receive] = createWorkQueue<string>();
  send.sendNowait("a");
  const scope = new CancelScope();
  const cut = scope.run(() => send.join());
  const joined = send.join();
  await waitAllTasksBlocked();
  scope.cancel();
  expect(await cut).toBe(undefined);
  receive.receiveNowait();
  receive.taskDone();
  await joined;
});

everywhere("M1: the last receive end closing breaks join while work is left: nobody will do it", async () => {
  const [send, receive] = createWorkQueue<string>();
  await send.send("a");
  const joining = errorOf(send.join());
  await waitAllTasksBlocked();
  receive.closeForcefully();
  expect(await joining).toSatisfy(named("BrokenResourceError"));
  expect(await errorOf(send.join())).toSatisfy(named("BrokenResourceError"));
});

everywhere("taskDone once too often is misuse, and changes nothing", async () => {
  const [send, receive] = createWorkQueue<string>();
  expect(thrownBy(() => receive.taskDone())).toSatisfy(named("MisuseError"));
  await send.send("a");
  expect(thrownBy(() => receive.taskDone())).toSatisfy(named("MisuseError"));
  await receive.receive();
  receive.taskDone();
  expect(thrownBy(() => receive.taskDone())).toSatisfy(named("MisuseError"));
  expect(send.statistics().unfinished).toBe(0);
});

everywhere(
  "an item handed to a receiver that waits, or by a sender that waited, counts until it is done",
  async () => {
    const [send, receive] = createWorkQueue<string>(0);
    const taken = receive.receive();
    await waitAllTasksBlocked();
    send.sendNowait("a");
    const blocked = send.send("b");
    await waitAllTasksBlocked();
    expect(send.statistics().unfinished).toBe(1);
    expect(receive.receiveNowait()).toBe("b");
    expect(receive.statistics().unfinished).toBe(2);
    receive.taskDone();
    receive.taskDone();
    expect([await taken, await blocked, await send.join()]).toEqual(["a", undefined, undefined]);
  },
);

everywhere(
  "shutdown: senders get ClosedResourceError, also those that wait; what is buffered can be received",
  async () => {
    const [send, receive] = createWorkQueue<string>(1);
    const clone = send.clone();
    await send.send("a");
    const blocked = errorOf(clone.send("b"));
    const joining = send.join();
    await waitAllTasksBlocked();
    send.shutdown();
    send.shutdown();
    expect(await blocked).toSatisfy(named("ClosedResourceError"));
    expect(await errorOf(clone.send("c"))).toSatisfy(named("ClosedResourceError"));
    expect(thrownBy(() => send.sendNowait("c"))).toSatisfy(named("ClosedResourceError"));
    expect(await receive.receive()).toBe("a");
    expect(await errorOf(receive.receive())).toSatisfy(named("EndOfStream"));
    expect(thrownBy(() => receive.receiveNowait())).toSatisfy(named("EndOfStream"));
    receive.taskDone();
    await joining;
  },
);

everywhere("shutdown wakes receivers that wait, with EndOfStream, and a loop just ends", async () => {
  const [send, receive] = createWorkQueue<string>();
  const waiting = errorOf(receive.receive());
  await waitAllTasksBlocked();
  send.shutdown();
  expect(await waiting).toSatisfy(named("EndOfStream"));
  for await (const _ of receive) expect.unreachable();
});

everywhere(
  "shutdown at once drops what is buffered as done; what was received is still to be done",
  async () => {
    const [send, receive] = createWorkQueue<string>();
    for (const item of ["a", "b", "c"]) send.sendNowait(item);
    receive.receiveNowait();
    const joining = send.join();
    await waitAllTasksBlocked();
    send.shutdown({ immediate: true });
    expect(receive.statistics()).toMatchObject({ bufferUsed: 0, unfinished: 1 });
    expect(await errorOf(receive.receive())).toSatisfy(named("EndOfStream"));
    receive.taskDone();
    await joining;
  },
);

everywhere("shutdown at once releases join if nothing was received, also after a gentle one", async () => {
  const [send] = createWorkQueue<string>();
  for (const item of ["a", "b"]) send.sendNowait(item);
  const joining = send.join();
  await waitAllTasksBlocked();
  send.shutdown();
  send.shutdown({ immediate: true });
  await joining;
});

everywhere("M2: clones of a work queue's ends are such ends; one of a closed end is an error", async () => {
  const [send, receive] = createWorkQueue<string>();
  const [send2, receive2] = [send.clone(), receive.clone()];
  send.closeForcefully();
  receive.closeForcefully();
  send2.sendNowait("a");
  receive2.receiveNowait();
  receive2.taskDone();
  await send2.join();
  expect(thrownBy(() => send.clone())).toSatisfy(named("ClosedResourceError"));
  expect(thrownBy(() => receive.clone())).toSatisfy(named("ClosedResourceError"));
});

everywhere("C3: in a cancelled scope join throws", async () => {
  const [send] = createWorkQueue<string>();
  await new CancelScope().run(async (scope) => {
    scope.cancel();
    expect(await errorOf(send.join())).toSatisfy(isCancelled);
  });
});

everywhere("lifoOrder gives the newest first, priorityOrder the least, of equals the oldest", () => {
  const [push, pop] = createWorkQueue<number>(5, { order: lifoOrder });
  for (const item of [1, 2, 3]) push.sendNowait(item);
  expect([pop.receiveNowait(), pop.receiveNowait(), pop.receiveNowait()]).toEqual([3, 2, 1]);
  const byLength = priorityOrder<string>((a, b) => a.length - b.length);
  const [add, least] = createWorkQueue<string>(9, { order: byLength });
  for (const item of ["ccc", "bb", "a", "BB", "A"]) add.sendNowait(item);
  const taken = [1, 2, 3, 4, 5].map(() => least.receiveNowait());
  expect(taken).toEqual(["a", "A", "bb", "BB", "ccc"]);
  expect(thrownBy(() => priorityOrder(3 as never))).toBeInstanceOf(TypeError);
  expect(thrownBy(() => createWorkQueue(-1))).toBeInstanceOf(RangeError);
});

everywhere("priorityOrder is a stable sort, whatever goes in and out between", () => {
  const check = (items: readonly (number | null)[]): void => {
    const queue = priorityOrder<readonly [rank: number, id: number]>(([a], [b]) => a - b)();
    const model: (readonly [number, number])[] = [];
    items.forEach((rank, id) => {
      if (rank !== null) {
        queue.push([rank, id]);
        model.push([rank, id]);
      } else if (model.length > 0) {
        model.sort(([a, i], [b, j]) => a - b || i - j);
        expect(queue.shift()).toEqual(model.shift());
      }
      expect(queue.size).toBe(model.length);
    });
  };
  fc.assert(fc.property(fc.array(fc.option(fc.nat(9))), check), { numRuns: 300, seed: 1 });
});

type Op = "send" | "receive" | "done" | "shutdown" | "now";
const ops = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.constant<Op>("send") },
    { weight: 5, arbitrary: fc.constant<Op>("receive") },
    { weight: 5, arbitrary: fc.constant<Op>("done") },
    { weight: 1, arbitrary: fc.constantFrom<Op>("shutdown", "now") },
  ),
  { maxLength: 40 },
);

everywhere("a work queue under any calls knows what is unfinished, and joins when nothing is", async () => {
  const check = async (size: number, taken: readonly Op[]): Promise<void> => {
    const [send, receive] = createWorkQueue<number>(size);
    const [blocked, waiting]: Promise<unknown>[][] = [[], []];
    let [accepted, inHand, down] = [0, 0, false];
    for (const op of taken) {
      const { tasksWaitingSend } = send.statistics();
      if (op === "send")
        blocked!.push(
          send.send(1).then(
            () => void accepted++,
            () => undefined,
          ),
        );
      else if (op === "receive")
        waiting!.push(
          receive.receive().then(
            () => void inHand++,
            () => undefined,
          ),
        );
      else if (op === "done") {
        const error = inHand > 0 ? undefined : thrownBy(() => receive.taskDone());
        if (error === undefined) {
          receive.taskDone();
          inHand--;
          accepted--;
        } else expect(error).toSatisfy(named("MisuseError"));
      } else {
        const { bufferUsed } = send.statistics();
        send.shutdown({ immediate: op === "now" });
        if (op === "now") accepted -= bufferUsed;
        down = true;
      }
      await waitAllTasksBlocked();
      const { bufferUsed, unfinished } = send.statistics();
      expect(unfinished).toBe(bufferUsed + inHand);
      expect(unfinished).toBe(accepted);
      if (down) expect(tasksWaitingSend * send.statistics().tasksWaitingSend).toBe(0);
      let joined = false;
      const scope = new CancelScope();
      const join = scope.run(() => send.join().then(() => void (joined = true)));
      await waitAllTasksBlocked();
      scope.cancel();
      await join;
      expect(joined).toBe(unfinished === 0);
    }
    send.shutdown({ immediate: true });
    await Promise.all([...blocked!, ...waiting!]);
  };
  await fc.assert(fc.asyncProperty(fc.nat(3), ops, check), { numRuns: 150, seed: 1 });
});
