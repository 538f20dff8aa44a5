import { CancelScope } from "@arborio/cancellation";
import { formatTaskTree, rootTask, waitAllTasksBlocked } from "@arborio/core";
import { connectTcp, type TcpStream } from "@arborio/net";
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
    new TypeError('Cannot send: it takes a Uint8Array, received "text"'),
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
