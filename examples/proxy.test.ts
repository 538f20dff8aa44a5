import { expect, test } from "vitest";
import { AsyncEvent, connectTcp, run, sleepForever, taskGroup, type ByteStream } from "arborio";
import { connectTo, endOf, serving, textOf } from "./loopback.ts";
import { serveProxy } from "./proxy.ts";

/** Runs `use` with the port of a proxy before a server. */
function proxied<T>(
  handler: (server: ByteStream) => Promise<void>,
  use: (port: number, stop: () => void) => Promise<T>,
): Promise<T> {
  return run(() =>
    serving(
      (listener) => listener.serve(handler),
      (behind) =>
        taskGroup(async (group) => {
          const port = await group.start<number>((task) =>
            serveProxy(task, () => connectTcp("127.0.0.1", behind)),
          );
          const value = await use(port, () => group.cancel());
          group.cancel("the test is over");
          return value;
        }),
    ),
  );
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Deno cannot reset: there what was cut ends as what is whole. */
const CUT = "Deno" in globalThis ? /^(EndOfStream|BrokenResourceError)$/ : /^BrokenResourceError$/;

test("proxy: the end of one direction is passed on, and the other goes on", async () => {
  const answer = await proxied(
    async (server) => {
      const all = await textOf(server); // it answers only when the client has ended
      await server.send(bytes(`got ${all}`));
    },
    async (port) => {
      await using client = await connectTo(port);
      await client.send(bytes("a"));
      await client.send(bytes("b"));
      await client.sendEof();
      return await textOf(client);
    },
  );
  expect(answer).toBe("got ab");
});

test("proxy: a server that ends first still receives", async () => {
  let received = "";
  const over = new AsyncEvent();
  await proxied(
    async (server) => {
      await server.sendEof();
      received = await textOf(server);
      over.set();
    },
    async (port) => {
      await using client = await connectTo(port);
      expect(await endOf(client)).toBe("EndOfStream");
      await client.send(bytes("late"));
      await client.sendEof();
      await over.wait();
    },
  );
  expect(received).toBe("late");
});

test("proxy: who does not read slows down who sends, through the proxy", async () => {
  const size = 1 << 26;
  let sent = 0;
  const received = await proxied(
    async (server) => {
      if (sent > 0) return; // the others only pass the time
      for (; sent < size; sent += 1 << 16) await server.send(new Uint8Array(1 << 16));
    },
    async (port) => {
      await using client = await connectTo(port);
      await client.receive();
      // It would have been sent by now, were it not for the client.
      for (let i = 0; i < 20; i++) await (await connectTo(port)).close();
      expect(sent).toBeLessThan(size);
      let count = 0;
      for await (const chunk of client) count += chunk.length;
      return count;
    },
  );
  expect(received).toBeGreaterThan(size - (1 << 20));
});

test.each(["the client", "the server"])(
  "proxy: when %s goes away the other is cut, which does not look like an end",
  async (who) => {
    const ends: string[] = [];
    const over = new AsyncEvent();
    await proxied(
      async (server) => {
        await server.send(bytes("hello"));
        if (who === "the server") return void (await server.receive(), server.closeForcefully());
        ends.push(await endOf(server));
        over.set();
      },
      async (port) => {
        await using client = await connectTo(port);
        await client.receive();
        if (who === "the server") await client.send(bytes("go"));
        if (who === "the client") client.closeForcefully();
        if (who === "the client") await over.wait();
        else ends.push(await endOf(client));
      },
    );
    expect(ends[0]).toMatch(CUT);
  },
);

test("proxy: cancelled, it cuts both sides", async () => {
  const ends: string[] = [];
  const over = new AsyncEvent();
  await run(() =>
    serving(
      (listener) =>
        listener.serve(async (server) => {
          await server.send(bytes("hello"));
          ends.push(await endOf(server));
          over.set();
        }),
      async (behind) => {
        const client = await taskGroup(async (group) => {
          const connect = (): Promise<ByteStream> => connectTcp("127.0.0.1", behind);
          const open = await connectTo(await group.start<number>((task) => serveProxy(task, connect)));
          await open.receive();
          group.cancel();
          return open;
        });
        ends.push(await endOf(client));
        await over.wait();
      },
    ),
  );
  expect(ends).toEqual([expect.stringMatching(CUT), expect.stringMatching(CUT)]);
});

test("proxy: nobody behind it closes the connection, and it goes on", async () => {
  const end = await run(() =>
    taskGroup(async (group) => {
      group.spawn(() => sleepForever());
      const port = await group.start<number>((task) => serveProxy(task, () => connectTcp("127.0.0.1", 1)));
      const ends: string[] = [];
      for (let i = 0; i < 2; i++) ends.push(await endOf(await connectTo(port)));
      group.cancel();
      return ends;
    }),
  );
  expect(end).toEqual([expect.stringMatching(CUT), expect.stringMatching(CUT)]);
});
