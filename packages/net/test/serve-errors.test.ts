import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { currentTime, isCancelled, sleep, sleepForever } from "@arborio/core";
import type { TcpStream } from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { expect } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";
import { FakeSocket } from "./fake-net.ts";
import { serving } from "./serving.ts";

const boom = new Error("boom");

for (const code of ["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]) {
  serving(`serve: after ${code} it pauses 100 ms, and goes on`, async ({ raw, listener }) => {
    raw.arrive(code);
    raw.arrive(new FakeSocket());
    await listener.serve(() => listener.close());
    expect(currentTime()).toBe(100);
  });
}

serving("serve: the pause can be cancelled", async ({ raw, listener }) => {
  raw.arrive("EMFILE");
  await moveOnAfter(30, () => listener.serve(() => {}));
  expect([currentTime(), raw.asked]).toEqual([30, 1]);
});

serving("serve: closing the listener ends the pause", async ({ raw, listener }) => {
  raw.arrive("EMFILE");
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(() => {}));
    await sleep(30);
    await listener.close();
  });
  expect(currentTime()).toBe(30);
});

for (const code of ["ECONNABORTED", "EPROTO", "ENETDOWN", "EHOSTUNREACH"]) {
  serving(`serve: a connection that failed with ${code} is passed over`, async ({ raw, listener }) => {
    raw.arrive(code);
    const socket = raw.arrive(new FakeSocket());
    await listener.serve(() => listener.close());
    expect([currentTime(), socket.closed]).toEqual([0, "closed"]);
  });
}

serving("onError: gets the error and the open connection; the others live", async ({ raw, listener }) => {
  const [bad, good] = [raw.arrive(new FakeSocket()), raw.arrive(new FakeSocket())];
  const told: unknown[] = [];
  let served = 0;
  const handler = async (): Promise<void> => {
    if (served++ === 0) throw boom;
    await sleep(10);
  };
  const onError = async (error: unknown, stream: TcpStream): Promise<void> => {
    await sleep(1);
    told.push(error, bad.closed, stream.remoteAddress.port);
  };
  await taskGroup(async (group) => {
    group.spawn(() => listener.serve(handler, { onError }));
    await sleep(2);
    expect([bad.closed, good.closed]).toEqual(["closed", "no"]);
    await listener.close();
  });
  expect(told).toEqual([boom, "no", 7]);
  expect([good.closed, currentTime()]).toEqual(["closed", 10]);
});

serving("onError: what it throws ends serve, and cancels the others", async ({ raw, listener }) => {
  const sockets = [raw.arrive(new FakeSocket()), raw.arrive(new FakeSocket())];
  const worse = new Error("worse");
  let handled = 0;
  const error = await errorOf(
    listener.serve(
      async () => {
        if (handled++ > 0) throw boom;
        await sleepForever();
      },
      { onError: () => Promise.reject(worse) },
    ),
  );
  expect(error).toMatchObject({ errors: [worse] });
  expect(sockets.map(({ closed }) => closed)).toEqual(["closed", "closed"]);
});

serving("onError: a Cancelled is never given to it, nor those of a group", async ({ raw, listener }) => {
  const told: unknown[] = [];
  const scope = new CancelScope();
  raw.arrive(new FakeSocket());
  await scope.run(async () => {
    await listener.serve(
      () =>
        taskGroup(async (group) => {
          group.spawn(() => sleepForever());
          scope.cancel();
          await sleepForever().catch((cancelled: unknown) => {
            throw new AggregateError([cancelled, boom]);
          });
        }),
      { onError: (error) => void told.push(error) },
    );
  });
  expect(scope.cancelledCaught).toBe(true);
  expect(told).toHaveLength(1);
  expect(isCancelled(told[0])).toBe(false);
});

serving("onError: it works in a group of the caller's", async ({ raw, listener }) => {
  const socket = raw.arrive(new FakeSocket());
  const told: unknown[] = [];
  await taskGroup(async (group) => {
    const serving = listener.serve(() => Promise.reject(boom), {
      group,
      onError: (error) => void told.push(error),
    });
    await sleep(1);
    await listener.close();
    await serving;
  });
  expect([told, socket.closed]).toEqual([[boom], "closed"]);
});

serving("serve: bad arguments throw at once", ({ listener }) => {
  const serve = (options: object) => () => listener.serve(() => {}, options);
  expect(() => listener.serve(5 as never)).toThrow(
    new TypeError("Cannot serve: it takes a function, received number"),
  );
  expect(serve({ onError: 5 })).toThrow(TypeError);
  for (const limit of [0, -1, 1.5, NaN])
    expect(serve({ limit })).toThrow(
      new RangeError(
        `Cannot serve: limit must be a whole number from 1 on, or Infinity, received ${String(limit)}`,
      ),
    );
  for (const limit of ["5", null, {}]) expect(serve({ limit })).toThrow(TypeError);
  for (const grace of [-1, NaN]) expect(serve({ grace })).toThrow(RangeError);
  expect(serve({ grace: "5" })).toThrow(TypeError);
  const group = { spawn: () => {} };
  expect(serve({ grace: 1, group })).toThrow(
    "Cannot serve: grace is for a group of the call's own: leave out one of them",
  );
});
