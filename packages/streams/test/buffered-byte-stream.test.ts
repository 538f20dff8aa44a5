import { moveOnAfter } from "@arborio/cancellation";
import { BrokenResourceError, isError } from "@arborio/core";
import { BufferedByteStream, BufferedConnectable, type ByteStreamConnectable } from "@arborio/streams";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { bytes, memoryPair, text } from "./memory-byte-stream.ts";

everywhere("both ways: it receives by count and delimiter, and sends straight on", async () => {
  const [near, far] = memoryPair();
  const stream = new BufferedByteStream(near);
  await far.send(bytes("ab\ncd"));
  expect(text(await stream.receiveUntil(bytes("\n"), 5))).toBe("ab");
  await stream.send(bytes("pong"));
  expect(text(await far.receive())).toBe("pong");
  expect(text(await stream.receive())).toBe("cd");
});

everywhere("sendEof ends the sending only; close closes both", async () => {
  const [near, far] = memoryPair();
  const stream = new BufferedByteStream(near);
  await stream.sendEof();
  expect(isError(await errorOf(far.receive()), "EndOfStream")).toBe(true);
  expect(isError(await errorOf(stream.send(bytes("x"))), "ClosedResourceError")).toBe(true);
  await far.send(bytes("still"));
  expect(text(await stream.receiveExactly(5))).toBe("still");
  await stream.close();
  expect(near.closed).toBe("closed");
});

everywhere("M7: a send that is cancelled cuts the stream below, and so this one", async () => {
  const [near] = memoryPair();
  near.outgoing.room = 0;
  const stream = new BufferedByteStream(near);
  await moveOnAfter(1, () => stream.send(bytes("x")));
  expect(isError(await errorOf(stream.send(bytes("y"))), "BrokenResourceError")).toBe(true);
});

everywhere("a connectable gives a buffered stream; its failures come through", async () => {
  const [near, far] = memoryPair();
  await far.send(bytes("hi\n"));
  const stream = await new BufferedConnectable({ connect: async () => near }).connect();
  expect(stream).toBeInstanceOf(BufferedByteStream);
  expect(text(await stream.receiveUntil(bytes("\n"), 9))).toBe("hi");
  const refused = new BrokenResourceError("no");
  const none: ByteStreamConnectable = { connect: () => Promise.reject(refused) };
  expect(await errorOf(new BufferedConnectable(none).connect())).toBe(refused);
  expect(thrownBy(() => new BufferedConnectable({} as never))).toBeInstanceOf(TypeError);
});
