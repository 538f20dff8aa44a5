import { CancelScope } from "@arborio/cancellation";
import { formatTaskTree, rootTask, run, waitAllTasksBlocked } from "@arborio/core";
import { adoptTcpSocket, connectTcp, SocketAttribute, type TcpStream } from "@arborio/net";
import { extra } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { expect } from "vitest";
import { fakeNet, FakeSocket } from "./fake-net.ts";

let socket: FakeSocket;

const test = createTest({
  backend: () => {
    socket = new FakeSocket();
    const net = fakeNet({ connectTcp: () => Promise.resolve(socket) });
    return simulation({ backend: { name: "fake", net }, patience: 20 });
  },
});

const connect = (): Promise<TcpStream> => connectTcp("h", 1);

test("arguments are checked first, synchronously", async () => {
  const stream = await connect();
  for (const maxBytes of [0, -1, 1.5, NaN, Infinity]) {
    expect(() => stream.receive(maxBytes)).toThrow(
      new RangeError(
        `Cannot receive: maxBytes must be an integer of at least 1, received ${String(maxBytes)}`,
      ),
    );
  }
  expect(() => stream.send("text" as never)).toThrow(
    new TypeError("Cannot send: it takes a Uint8Array, received string"),
  );
});

test("M4: messages name what cannot be done and why", async () => {
  const stream = await connect();
  const first = stream.receive();
  await expect(stream.receive()).rejects.toThrow("Cannot receive: another task receives from the connection");
  socket.arrive(null);
  await expect(first).rejects.toThrow("Cannot receive: the other side has ended the stream");
  await stream.sendEof();
  await expect(stream.send(new Uint8Array(1))).rejects.toThrow(
    "Cannot send: the sending side was ended by sendEof",
  );
  await stream.close();
  await expect(stream.receive()).rejects.toThrow("Cannot receive: the connection was closed on this side");
});

test("M5: close closes, closeForcefully resets; the first of them counts", async () => {
  const stream = await connect();
  stream.closeForcefully();
  await stream.close();
  expect(socket.closed).toBe("aborted");
});

test("M6: bytes that come while nobody waits go to the next receive, in parts as it asks", async () => {
  const stream = await connect();
  const scope = new CancelScope();
  const waiting = scope.run(() => stream.receive());
  scope.cancel();
  await waiting;
  socket.arrive(new Uint8Array([1, 2, 3]));
  await Promise.resolve();
  await Promise.resolve();
  expect([
    [...(await stream.receive(1))],
    [...(await stream.receive(1))],
    [...(await stream.receive(9))],
  ]).toEqual([[1], [2], [3]]);
});

test("M6: what came for nobody before close is gone with it", async () => {
  const stream = await connect();
  const scope = new CancelScope();
  const waiting = scope.run(() => stream.receive());
  scope.cancel();
  await waiting;
  socket.arrive(new Uint8Array([1]));
  await Promise.resolve();
  await stream.close();
  await expect(stream.receive()).rejects.toMatchObject({ code: "ERR_CLOSED_RESOURCE" });
});

test("C17: a foreign signal ends one receive with its reason, and loses no bytes", async () => {
  const stream = await connect();
  const controller = new AbortController();
  const waiting = expect(stream.receive(10, { signal: controller.signal })).rejects.toBe("enough");
  controller.abort("enough");
  await waiting;
  const next = stream.receive(10);
  socket.arrive(new Uint8Array([7]));
  expect([...(await next)]).toEqual([7]);
});

test("setNoDelay and setKeepAlive set the socket's options; their arguments are checked", async () => {
  const stream = await connect();
  stream.setNoDelay(false);
  stream.setKeepAlive(true);
  stream.setKeepAlive(true, 5_000);
  expect(socket.set).toEqual([false, [true, 0], [true, 5_000]]);
  expect(() => stream.setNoDelay(1 as never)).toThrow(
    new TypeError("Cannot set TCP_NODELAY: on must be true or false, received 1"),
  );
  expect(() => stream.setKeepAlive(true, -1)).toThrow(
    new RangeError("Cannot set SO_KEEPALIVE: delay must be a number of ms from 0 on, received -1"),
  );
  await stream.close();
  expect(() => stream.setNoDelay(true)).toThrow(
    "Cannot set TCP_NODELAY: the connection with 127.0.0.1:7 was closed on this side",
  );
  expect(() => stream.setKeepAlive(true)).toThrow(expect.objectContaining({ code: "ERR_CLOSED_RESOURCE" }));
});

test("its attributes are those of the socket", async () => {
  const stream = await connect();
  const address = { address: "127.0.0.1", port: 7, family: "ipv4" };
  const known = Object.entries(SocketAttribute).map(([name, attribute]) => [
    name,
    extra<unknown>(stream, attribute),
  ]);
  expect(Object.fromEntries(known)).toEqual({
    family: "ipv4",
    localAddress: address,
    localPort: 7,
    remoteAddress: address,
    remotePort: 7,
    rawSocket: socket,
  });
  await stream.close();
});

test("adoptTcpSocket: what the backend makes of it is a stream; its TypeError is thrown at once", async () => {
  const net = fakeNet({ adoptSocket: (raw) => raw as FakeSocket });
  await run(
    async () => {
      const adopted = adoptTcpSocket(socket);
      const receiving = adopted.receive();
      socket.arrive(new Uint8Array([1]));
      expect([...(await receiving)]).toEqual([1]);
      await adopted.close();
    },
    { backend: simulation({ backend: { name: "fake", net }, patience: 20 }) },
  );
  expect(() => adoptTcpSocket(socket)).toThrow("not here");
});

// What the machine has decided is delivered, though the scope is cancelled before.
const successes: [name: string, operation: (stream: TcpStream) => Promise<unknown>][] = [
  ["receive", (stream) => stream.receive()],
  ["send", (stream) => stream.send(new Uint8Array(1))],
  ["sendEof", (stream) => stream.sendEof()],
  ["close", (stream) => stream.close()],
];
for (const [name, operation] of successes) {
  test(`C5: ${name} cancelled at the moment of its success succeeds`, async () => {
    const stream = await connect();
    const scope = new CancelScope();
    let ended = false;
    const waiting = scope.run(() => operation(stream).then(() => (ended = true)));
    socket.arrive(new Uint8Array(1));
    for (let i = 0; i < 5; i++) await Promise.resolve();
    expect(ended).toBe(false);
    scope.cancel();
    await waiting;
    expect([ended, scope.cancelledCaught]).toEqual([true, false]);
    await stream.close();
  });
}

test("C5: connectTcp cancelled at the moment of its success gives the connection", async () => {
  const scope = new CancelScope();
  const connecting = scope.run(() => connectTcp("127.0.0.1", 1));
  for (let i = 0; i < 10; i++) await Promise.resolve();
  scope.cancel();
  const stream = await connecting;
  expect(stream?.remoteAddress.port).toBe(7);
  await stream?.close();
});

test("the task tree says what a task waits for", async () => {
  const stream = await connect();
  await taskGroup(async (group) => {
    const reader = group.spawn(() => stream.receive(), { name: "reader" });
    await waitAllTasksBlocked();
    expect(formatTaskTree(rootTask()!)).toContain("bytes from the connection");
    socket.arrive(new Uint8Array(1));
    await reader.wait();
  });
});
