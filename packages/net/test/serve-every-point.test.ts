// Serving, cancelled at each of its steps, and by a deadline that passes at each of its looks at the clock: every connection is
// closed, nothing is left behind.
import { sleep } from "@arborio/core";
import { createMultiListener, createTcpListener } from "@arborio/net";
import { CapacityLimiter } from "@arborio/sync";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint, deadlineAtEveryLook, simulation, type EveryPoint } from "@arborio/testing";
import { expect, test } from "vitest";
import { FakeListener } from "./fake-listener.ts";
import { fakeNet, FakeSocket } from "./fake-net.ts";

class Tracked extends FakeSocket {
  private readonly release: () => void;

  constructor({ track }: EveryPoint) {
    super();
    this.release = track("a connection");
  }

  override close(options?: { readonly abort?: boolean }): Promise<void> {
    this.release();
    return super.close(options);
  }
}

let raws: FakeListener[] = [];
const net = {
  ...fakeNet({}),
  listenTcp: async () => {
    const raw = new FakeListener();
    raws.push(raw);
    return raw;
  },
};

/** Under some seeds; it must have had steps. */
async function everywhen(program: (point: EveryPoint) => Promise<void>): Promise<void> {
  for (const seed of [undefined, 1, 2]) {
    const fresh = (point: EveryPoint): Promise<void> => {
      raws = [];
      return program(point);
    };
    const options = { backend: { name: "fake", net }, patience: 1, seed };
    expect(await cancelAtEveryPoint(fresh, options)).toBeGreaterThan(10);
    expect(await deadlineAtEveryLook(fresh, { backend: () => simulation(options) })).toBeGreaterThan(10);
  }
}

/** Some connections, one of them late. */
async function connect(point: EveryPoint, raw: FakeListener): Promise<void> {
  raw.arrive(new Tracked(point));
  raw.arrive(new Tracked(point));
  await sleep(1);
  raw.arrive(new Tracked(point));
}

test("C4: serve with a limit, errors and grace", { timeout: 60_000 }, async () => {
  await everywhen(async (point) => {
    await using listener = await createTcpListener();
    let count = 0;
    const handler = async (): Promise<void> => {
      await sleep(1);
      if (++count === 2) throw new Error("boom");
      await sleep(count);
    };
    await taskGroup(async (group) => {
      const options = { limit: new CapacityLimiter(1), grace: 2, onError: () => sleep(1) };
      group.spawn(() => listener.serve(handler, options));
      await connect(point, raws[0]!);
      await sleep(3);
      await listener.close();
    });
  });
});

test("C4: serve in a group of the caller's", { timeout: 60_000 }, async () => {
  await everywhen(async (point) => {
    await taskGroup(async (group) => {
      await using listener = await createTcpListener();
      group.spawn(() => listener.serve(() => sleep(2), { group, limit: 1 }));
      await connect(point, raws[0]!);
    });
  });
});

test("C4: several listeners, serving and accepting", { timeout: 60_000 }, async () => {
  await everywhen(async (point) => {
    await using both = createMultiListener([await createTcpListener(), await createTcpListener()]);
    await taskGroup(async (group) => {
      group.spawn(async () => {
        const first = await both.accept();
        await first[Symbol.asyncDispose]();
        await both.serve(() => sleep(1), { limit: 1 });
      });
      for (const raw of raws) await connect(point, raw);
      await sleep(2);
      await both.close();
    });
  });
});
