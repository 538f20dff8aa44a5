import { currentTime, isCancelled, isError, sleep, sleepForever, waitAllTasksBlocked } from "@arborio/core";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { createMultiListener } from "@arborio/net";
import { type Listener, extra, typedAttribute, type TypedAttribute } from "@arborio/streams";
import { CapacityLimiter } from "@arborio/sync";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { everywhere, timed } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { FakeSocket } from "./fake-net.ts";
import { Connection, Listening } from "./listening.ts";
import { servingSeveral } from "./serving.ts";

everywhere(
  "accept takes a connection from any of them; one that comes for a cancelled call goes to the next",
  async () => {
    const [a, b] = [new Listening(), new Listening()];
    const both = createMultiListener([a, b]);
    const scope = new CancelScope();
    const cut = scope.run(() => both.accept());
    await waitAllTasksBlocked();
    scope.cancel();
    await cut;
    b.connect(new Connection("b"));
    await waitAllTasksBlocked();
    expect((await both.accept()).name).toBe("b");
    a.connect(new Connection("a"));
    expect((await both.accept()).name).toBe("a");
    await both.close();
  },
);

everywhere("closing closes all, and tells who waits", async () => {
  const [a, b] = [new Listening(), new Listening()];
  const both = createMultiListener([a, b]);
  const waiting = errorOf(both.accept());
  await waitAllTasksBlocked();
  await both.close();
  both.closeForcefully();
  await both[Symbol.asyncDispose]();
  for (const error of [await waiting, await errorOf(both.accept()), await errorOf(b.accept())])
    expect(isError(error, "ClosedResourceError")).toBe(true);
  expect([a.waiting, b.waiting]).toEqual([0, 0]);
});

everywhere("a connection that one had taken for nobody is closed with it", async () => {
  const [a, b] = [new Listening(), new Listening()];
  const both = createMultiListener([a, b]);
  const accepting = both.accept();
  await waitAllTasksBlocked();
  const [one, two] = [new Connection("one"), new Connection("two")];
  a.connect(one);
  b.connect(two);
  expect(await accepting).toSatisfy((connection) => connection === one || connection === two);
  await waitAllTasksBlocked();
  both.closeForcefully();
  expect([one.closed, two.closed].sort()).toEqual([false, true]);
});

everywhere("all are closed though closing one fails", async () => {
  const [a, b] = [new Listening(), new Listening()];
  a.failing = new Error("a");
  expect(await errorOf(createMultiListener([a, b]).close())).toBe(a.failing);
  expect(isError(await errorOf(b.accept()), "ClosedResourceError")).toBe(true);
});

timed("serve serves all, and ends when all are closed", async () => {
  const [a, b] = [new Listening(), new Listening()];
  const both = createMultiListener([a, b]);
  const served: string[] = [];
  await taskGroup(async (group) => {
    group.spawn(() => both.serve((connection) => void served.push(connection.name)));
    await sleep(1);
    a.connect(new Connection("a"));
    b.connect(new Connection("b"));
    await sleep(1);
    await both.close();
  });
  expect(served.sort()).toEqual(["a", "b"]);
});

timed("serve: the first failure of one ends the others, and comes out alone", async () => {
  const [a, b] = [new Listening(), new Listening()];
  const both = createMultiListener([a, b]);
  const boom = new Error("boom");
  const serving = errorOf(both.serve(() => Promise.reject(boom)));
  await sleep(1);
  a.connect(new Connection("a"));
  expect(await serving).toMatchObject({ errors: [boom] });
  expect(b.waiting).toBe(0);
});

timed(
  "serve ends by cancellation, and by a foreign signal with its reason; no listener stays on the signal",
  async () => {
    const both = createMultiListener([new Listening(), new Listening()]);
    expect(await moveOnAfter(5, () => both.serve(() => {}))).toBe(undefined);
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: unknown[]) => (
      listeners++,
      (add as (...all: unknown[]) => void)(...args)
    );
    signal.removeEventListener = (...args: unknown[]) => (
      listeners--,
      (remove as (...all: unknown[]) => void)(...args)
    );
    const serving = errorOf(both.serve(() => {}, { signal }));
    await sleep(1);
    controller.abort("enough");
    expect([await serving, listeners]).toEqual(["enough", 0]);
    expect(await errorOf(both.serve(() => {}, { signal }))).toBe("enough");
    await new CancelScope().run(async (scope) => {
      scope.cancel();
      expect(await errorOf(both.serve(() => {}))).toSatisfy(isCancelled);
    });
    expect(() => both.serve("no" as never)).toThrow(TypeError);
  },
);

everywhere("the attributes are those of all; of one that several have, the last one's", () => {
  const [host, port] = [typedAttribute<string>("host"), typedAttribute<number>("port")];
  const [a, b] = [new Listening(), new Listening()];
  a.attributes = new Map<TypedAttribute<unknown>, () => unknown>([
    [host, () => "a"],
    [port, () => 1],
  ]);
  b.attributes = new Map([[host, () => "b"]]);
  const both = createMultiListener<Connection>([createMultiListener([a]), b]);
  expect([extra(both, host), extra(both, port)]).toEqual(["b", 1]);
});

servingSeveral("limit: it counts the connections of all together", async ({ raws, both }) => {
  for (const raw of [...raws, ...raws]) raw.arrive(new FakeSocket());
  let [now, most, served] = [0, 0, 0];
  const handler = async (): Promise<void> => {
    most = Math.max(most, ++now);
    await sleep(10);
    now--;
    if (++served === 4) await both.close();
  };
  await both.serve(handler, { limit: 2 });
  expect([most, served]).toEqual([2, 4]);
});

servingSeveral("limit: a listener where nobody comes takes no place", async ({ raws, both }) => {
  const [, busy] = raws;
  let served = 0;
  for (let i = 0; i < 3; i++) busy!.arrive(new FakeSocket());
  await both.serve(async () => (++served === 3 ? both.close() : sleep(5)), { limit: 1 });
  expect(served).toBe(3);
});

servingSeveral("grace: handlers of all have so long once it is closed", async ({ raws, both }) => {
  const sockets = raws.map((raw) => raw.arrive(new FakeSocket()));
  await taskGroup(async (group) => {
    group.spawn(() => both.serve(() => sleepForever(), { grace: 50 }));
    await sleep(10);
    await both.close();
  });
  expect([currentTime(), ...sockets.map(({ closed }) => closed)]).toEqual([60, "closed", "closed"]);
});

servingSeveral("serve: what one fails with comes out, and the others end", async ({ raws, both }) => {
  const serving = errorOf(both.serve(() => {}));
  await sleep(1);
  raws[0]!.arrive("EPERM");
  expect(await serving).toMatchObject({ errors: [{ code: "EPERM" }] });
});

servingSeveral("serve: one that is closed alone ends alone", async ({ raws, both }) => {
  let served = 0;
  await taskGroup(async (group) => {
    group.spawn(() => both.serve(() => void served++));
    await sleep(1);
    await both.listeners[0]!.close();
    raws[1]!.arrive(new FakeSocket());
    await sleep(1);
    await both.close();
  });
  expect(served).toBe(1);
});

servingSeveral(
  "serve: closed in the turn in which it begins, one of them or all, is a way to stop",
  async ({ both }) => {
    const serving = both.serve(() => {});
    both.listeners[0]!.closeForcefully();
    await sleep(1);
    both.closeForcefully();
    await serving;
  },
);

servingSeveral("serve: handlers can be a group's of the caller's", async ({ raws, both }) => {
  await taskGroup(async (group) => {
    raws[0]!.arrive(new FakeSocket());
    const serving = both.serve(() => sleep(100), { group });
    await sleep(1);
    await both.close();
    await serving;
    expect(currentTime()).toBe(1);
  });
  expect(currentTime()).toBe(100);
});

servingSeveral("serve: cancelled, it closes what was kept and has no place", async ({ raws, both }) => {
  await moveOnAfter(1, () => both.accept());
  const kept = raws.map((raw) => raw.arrive(new FakeSocket()));
  await sleep(1);
  const limiter = new CapacityLimiter(1);
  await limiter.acquire();
  expect(await moveOnAfter(5, () => both.serve(() => {}, { limit: limiter }))).toBe(undefined);
  expect(kept.map(({ closed }) => closed)).toEqual(["aborted", "aborted"]);
});

everywhere("a connection that comes after it was closed is closed too", async () => {
  let answer: (connection: Connection) => void = () => {};
  // One whose accept cannot be stopped.
  const slow: Listener<Connection> = Object.assign(new Listening(), {
    accept: () => new Promise<Connection>((resolve) => (answer = resolve)),
  });
  const one = createMultiListener([slow]);
  const waiting = errorOf(one.accept());
  await waitAllTasksBlocked();
  await one.close();
  await waiting;
  const late = new Connection("late");
  answer(late);
  await Promise.resolve();
  await Promise.resolve();
  expect(late.closed).toBe(true);
});
