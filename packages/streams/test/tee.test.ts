import fc from "fast-check";
import { isError, sleep, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { createMemoryObjectStream, tee } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const named = (name: string) => (error: unknown) => isError(error, name as "EndOfStream");

async function drained<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

everywhere("each branch gets all items, then the end, one after the other or at once", async () => {
  async function* numbers(): AsyncGenerator<number, void, undefined> {
    yield* [1, 2, 3];
  }
  const [one, other] = tee(numbers());
  expect([await drained(one!), await drained(other!)]).toEqual([
    [1, 2, 3],
    [1, 2, 3],
  ]);
  const [send, receive] = createMemoryObjectStream<number>(3);
  const branches = tee(receive, 3);
  for (const item of [1, 2, 3]) send.sendNowait(item);
  send.closeForcefully();
  expect(await Promise.all(branches.map(drained))).toEqual([
    [1, 2, 3],
    [1, 2, 3],
    [1, 2, 3],
  ]);
  expect(await errorOf(branches[0]!.receive())).toSatisfy(named("EndOfStream"));
});

everywhere("the source is asked when a branch has nothing left and waits", async () => {
  const [send, receive] = createMemoryObjectStream<number>(9);
  for (let item = 0; item < 9; item++) send.sendNowait(item);
  const [one, other] = tee(receive);
  await one!.receive();
  await one!.receive();
  await other!.receive();
  await waitAllTasksBlocked();
  expect([send.statistics().bufferUsed, other!.statistics().bufferUsed]).toEqual([7, 1]);
});

everywhere("C5: a branch that is cancelled while it waits loses nothing, nor do the others", async () => {
  const [send, receive] = createMemoryObjectStream<string>(0);
  const [one, other] = tee(receive);
  const scope = new CancelScope();
  const cut = scope.run(() => one!.receive());
  const waiting = other!.receive();
  await waitAllTasksBlocked();
  scope.cancel();
  await cut;
  await send.send("a");
  expect([await waiting, await one!.receive()]).toEqual(["a", "a"]);
});

everywhere("an error of the source comes to each branch, after what it has, again and again", async () => {
  const boom = new Error("boom");
  const [one, other] = tee(
    (async function* () {
      yield 1;
      throw boom;
    })(),
  );
  expect([await one!.receive(), await errorOf(one!.receive()), await errorOf(one!.receive())]).toEqual([
    1,
    boom,
    boom,
  ]);
  expect([await other!.receive(), thrownBy(() => other!.receiveNowait())]).toEqual([1, boom]);
});

everywhere(
  "a branch that is closed keeps nothing for itself; with the last the source is ended, a stream left open",
  async () => {
    const log: string[] = [];
    const [one, other] = tee(
      (async function* () {
        try {
          for (let item = 0; ; item++) yield item;
        } finally {
          log.push("ended");
        }
      })(),
    );
    await one!.receive();
    other!.closeForcefully();
    await one!.receive();
    expect([other!.statistics().bufferUsed, log.length]).toEqual([0, 0]);
    one!.closeForcefully();
    await waitAllTasksBlocked();
    expect(log).toEqual(["ended"]);
    const [send, receive] = createMemoryObjectStream<number>(0);
    const [only] = tee(receive, 1);
    const waiting = errorOf(only!.receive());
    await waitAllTasksBlocked();
    only!.closeForcefully();
    expect(await waiting).toSatisfy(named("ClosedResourceError"));
    await waitAllTasksBlocked();
    expect(send.statistics()).toMatchObject({ openReceiveEnds: 1, tasksWaitingReceive: 0 });
  },
);

everywhere("clones of a branch share it; bad counts are RangeErrors", async () => {
  const [send, receive] = createMemoryObjectStream<string>(2);
  const [one, other] = tee(receive);
  const clone = one!.clone();
  const waits = [one!.receive(), clone.receive()];
  await waitAllTasksBlocked();
  send.sendNowait("a");
  await waitAllTasksBlocked();
  send.sendNowait("b");
  expect((await Promise.all(waits)).sort()).toEqual(["a", "b"]);
  expect([await other!.receive(), await other!.receive()]).toEqual(["a", "b"]);
  for (const count of [0, -1, 1.5, NaN])
    expect(thrownBy(() => tee(receive, count))).toBeInstanceOf(RangeError);
});

timed("whatever is cancelled when, each branch gets each item once, in order", async () => {
  const check = async (items: number[], branches: number[][]): Promise<void> => {
    const [send, receive] = createMemoryObjectStream<number>(items.length % 3);
    await taskGroup((group) => {
      group.spawn(async () => {
        for (const [index, pause] of items.entries()) {
          if (pause > 0) await sleep(pause);
          await send.send(index);
        }
        send.closeForcefully();
      });
      tee(receive, branches.length).forEach((branch, index) =>
        group.spawn(async () => {
          const got: number[] = [];
          for (const cut of branches[index]!)
            await moveOnAfter(cut, async () => {
              for (;;) got.push(await branch.receive());
            }).catch((error: unknown) => expect(error).toSatisfy(named("EndOfStream")));
          got.push(...(await drained(branch)));
          expect(got).toEqual([...items.keys()]);
        }),
      );
    });
  };
  const property = fc.asyncProperty(
    fc.array(fc.nat(2), { maxLength: 10 }),
    fc.array(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 5 }), { minLength: 1, maxLength: 3 }),
    check,
  );
  await fc.assert(property, { numRuns: 200, seed: 1 });
});
