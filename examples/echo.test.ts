import { expect, test } from "vitest";
import { run, sleepForever, taskGroup } from "arborio";
import { ask, serveEcho } from "./echo.ts";
import { connectTo } from "./loopback.ts";

/** Runs `use` beside the server; it is stopped then. */
const withEcho = <T>(use: (port: number) => Promise<T>): Promise<T> =>
  run(() =>
    taskGroup(async (group) => {
      const value = await use(await group.start<number>((task) => serveEcho(task)));
      group.cancel("the test is over");
      return value;
    }),
  );

test("echo: what was sent comes back, more than buffers hold", async () => {
  const text = "abcdefgh".repeat(1 << 20);
  expect(await withEcho((port) => ask(port, text))).toBe(text);
});

test("echo: a client that goes away in the middle ends its own connection alone", async () => {
  const answer = await withEcho(async (port) => {
    for (let i = 0; i < 3; i++) {
      const stream = await connectTo(port);
      await stream.send(new Uint8Array(1 << 16));
      stream.closeForcefully();
    }
    return ask(port, "still there");
  });
  expect(answer).toBe("still there");
});

test("echo: stopping it closes who is connected", async () => {
  const end = await run(async () => {
    const stream = await taskGroup(async (group) => {
      const open = await connectTo(await group.start<number>((task) => serveEcho(task)));
      await open.send(new Uint8Array(1));
      await open.receive();
      group.cancel();
      return open;
    });
    return stream.receive().catch((error: unknown) => (error as Error).name);
  });
  expect(end).toMatch(/^(EndOfStream|BrokenResourceError)$/);
});

test("echo: a program that waits forever is cut by its own group", async () => {
  await withEcho(async (port) => {
    await taskGroup(async (group) => {
      group.spawn(async () => {
        await using _open = await connectTo(port);
        await sleepForever();
      });
      await ask(port, "x");
      group.cancel();
    });
  });
});
