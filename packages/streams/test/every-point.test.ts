// Each stream in a program that is cancelled at each of its steps: nothing hangs, nothing is left behind.
import { sleep } from "@arborio/core";
import { CancelScope } from "@arborio/cancellation";
import {
  createBroadcastStream,
  createMemoryByteStreams,
  createMemoryObjectStream,
  createWorkQueue,
  merge,
  stapleObjectStreams,
  tee,
} from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint, deadlineAtEveryLook, simulation, type EveryPoint } from "@arborio/testing";
import { expect, test } from "vitest";

const seeds = [undefined, 1, 2, 3];

/** Runs a program so under some seeds, and with a deadline that passes at each of its looks at the clock; it must have had steps. */
async function everywhen(program: (point: EveryPoint) => unknown): Promise<void> {
  for (const seed of seeds) {
    expect(await cancelAtEveryPoint(program, seed === undefined ? {} : { seed })).toBeGreaterThan(5);
    expect(await deadlineAtEveryLook(program, { backend: () => simulation({ seed }) })).toBeGreaterThan(5);
  }
}

test.each([0, 1, 3])(
  "M7, C5: memory object streams of size %s: sent is received, cancelled is not sent",
  async (size) => {
    await everywhen(async ({ track }) => {
      const [send, receive] = createMemoryObjectStream<number>(size);
      const released = track("the ends");
      const [sent, received]: number[][] = [[], []];
      try {
        await taskGroup((group) => {
          group.spawn(async () => {
            using end = send;
            for (let item = 0; item < 5; item++) {
              await end.send(item);
              sent!.push(item);
            }
          });
          group.spawn(async () => {
            for await (const item of receive) received!.push(item);
          });
        });
      } finally {
        while (receive.statistics().bufferUsed > 0) received!.push(receive.receiveNowait());
        receive.closeForcefully();
        // What was sent came through, even if its receiver ended in the step in which it got it.
        expect(received).toEqual(sent!.slice(0, received!.length));
        expect(sent!.length - received!.length).toBeLessThanOrEqual(1);
        const { openSendEnds, openReceiveEnds, tasksWaitingReceive, tasksWaitingSend } = send.statistics();
        if (openSendEnds + openReceiveEnds + tasksWaitingReceive + tasksWaitingSend <= 1) released();
      }
    });
  },
);

test("work queues", async () => {
  await everywhen(async () => {
    const [send, receive] = createWorkQueue<number>(1);
    await taskGroup(async (group) => {
      for (let worker = 0; worker < 2; worker++)
        group.spawn(async () => {
          for await (const _ of receive) receive.taskDone();
        });
      for (let item = 0; item < 4; item++) await send.send(item);
      await send.join();
      send.shutdown();
    });
  });
});

test("broadcast streams", async () => {
  await everywhen(async () => {
    const stream = createBroadcastStream<number>(1);
    const receivers = [stream.subscribe(), stream.subscribe()];
    await taskGroup(async (group) => {
      for (const receive of receivers)
        group.spawn(async () => {
          let next = 0;
          for await (const item of receive) expect(item).toBe(next++);
        });
      for (let item = 0; item < 4; item++) await stream.send(item);
      await stream.close();
    });
  });
});

test.each([0, 4])("M6, M7: memory byte streams of size %s", async (size) => {
  await everywhen(async () => {
    const [one, other] = createMemoryByteStreams(size);
    await taskGroup((group) => {
      group.spawn(async () => {
        for (let at = 0; at < 12; at += 3) await one.send(Uint8Array.of(at, at + 1, at + 2));
        await one.sendEof();
      });
      group.spawn(async () => {
        let next = 0;
        for (const times of [2, 3]) {
          const scope = new CancelScope({ timeout: times });
          await scope
            .run(async () => {
              for (;;) for (const byte of await other.receive(2)) expect(byte).toBe(next++);
            })
            .catch(() => undefined);
        }
      });
    });
  });
});

test("merge and tee leave no pull behind", async () => {
  await everywhen(async () => {
    const [send, receive] = createMemoryObjectStream<number>(0);
    async function* slow(): AsyncGenerator<number, void, undefined> {
      for (let item = 10; item < 13; item++) {
        await sleep(1);
        yield item;
      }
    }
    await taskGroup(async (group) => {
      group.spawn(async () => {
        for (let item = 0; item < 3; item++) await send.send(item);
        send.closeForcefully();
      });
      const [one, other] = tee(merge(receive, slow()));
      for (const branch of [one!, other!])
        group.spawn(async () => {
          for await (const item of branch) expect(item).toBeTypeOf("number");
        });
    });
  });
});

test("stapled streams", async () => {
  await everywhen(async () => {
    const [send, receive] = createMemoryObjectStream<number>(1);
    await using stream = stapleObjectStreams(send, receive);
    await taskGroup(async (group) => {
      group.spawn(async () => {
        for (let item = 0; item < 3; item++) await stream.send(item);
        await stream.sendEof();
      });
      for await (const item of stream) expect(item).toBeLessThan(3);
    });
  });
});
