import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { isCancelled } from "@arborio/core";
import { createConnectedUdpSocket, createUdpSocket, type UdpSocket } from "@arborio/net";
import { createTest } from "@arborio/testing/vitest";
import { expect } from "vitest";
import { FakeUdpSocket, udpBackend } from "./fake-datagrams.ts";

let raw: FakeUdpSocket;

const test = createTest({
  backend: () => {
    raw = new FakeUdpSocket();
    return udpBackend(() => Promise.resolve(raw), {
      lookup: (host) => Promise.resolve([{ address: host === "h" ? "127.0.0.9" : host, family: "ipv4" }]),
    });
  },
});

const one = Uint8Array.of(1);

const turns = async (): Promise<void> => {
  for (let i = 0; i < 5; i++) await Promise.resolve();
};

/** Receives, is cancelled, and then a datagram comes. */
async function cancelledBefore(socket: UdpSocket, byte: number): Promise<void> {
  const scope = new CancelScope();
  const waiting = scope.run(() => socket.receive());
  scope.cancel();
  await waiting;
  raw.arrive(byte);
  await turns();
}

test("arguments are checked first, synchronously", async () => {
  const socket = await createUdpSocket();
  const to = { address: "127.0.0.1", port: 9 };
  expect(() => socket.send({ bytes: "text" as never, to })).toThrow(
    new TypeError("Cannot send: it takes a Uint8Array, received string"),
  );
  expect(() => socket.send("text" as never)).toThrow(
    new TypeError('Cannot send: it takes { bytes, to }, received "text"'),
  );
  expect(() => socket.send({ bytes: one, to: { ...to, port: 0 } })).toThrow(RangeError);
  expect(() => socket.sendTo(one, "", 1)).toThrow(TypeError);
  for (const hops of [0, 256, 1.5]) expect(() => socket.controls.setTtl(hops)).toThrow(RangeError);
  for (const hops of [-1, 256]) expect(() => socket.controls.setMulticastTtl(hops)).toThrow(RangeError);
  expect(() => socket.controls.joinMulticast("")).toThrow(TypeError);
  for (const name of ["setBroadcast", "setMulticastLoopback"] as const)
    expect(() => socket.controls[name](1 as never)).toThrow(/on must be true or false, received 1$/);
  await socket.close();
});

test("what cannot be set is an UnsupportedError", async () => {
  const socket = await createUdpSocket();
  const { controls } = socket;
  const calls = [
    () => controls.setBroadcast(true),
    () => controls.setTtl(1),
    () => controls.setMulticastTtl(1),
    () => controls.setMulticastLoopback(true),
    () => controls.joinMulticast("239.0.0.1"),
    () => controls.leaveMulticast("239.0.0.1"),
  ];
  for (const call of calls) expect(call).toThrow("backend 'simulation' has no controls of UDP sockets");
  await socket.close();
});

test("numeric destinations are used as they are, names are resolved", async () => {
  const socket = await createUdpSocket();
  await socket.send({ bytes: one, to: { address: "192.0.2.1", port: 5 } });
  await socket.sendTo(one, "fe80::1%eth0", 6);
  await socket.sendTo(one, "h", 7);
  const connected = await createConnectedUdpSocket("127.0.0.1", 8);
  await connected.send(one);
  expect(raw.sent).toEqual(["1 to 192.0.2.1 5", "1 to fe80::1%eth0 6", "1 to 127.0.0.9 7", "1 to the peer"]);
  await Promise.all([socket.close(), connected.close()]);
});

test("M6: what came for a cancelled receive goes to the next, and no second is begun meanwhile", async () => {
  const socket = await createUdpSocket();
  await cancelledBefore(socket, 5);
  expect((await socket.receive()).bytes).toEqual(Uint8Array.of(5));
  const next = socket.receive();
  raw.arrive(6);
  expect((await next).bytes).toEqual(Uint8Array.of(6));
  await socket.close();
});

test("C5: a datagram that came before the cancellation is given all the same", async () => {
  const socket = await createUdpSocket();
  const scope = new CancelScope();
  const waiting = scope.run(() => socket.receive());
  raw.arrive(5);
  await turns();
  scope.cancel();
  expect((await waiting)?.bytes).toEqual(Uint8Array.of(5));
  await socket.close();
});

test("M4: an error of the system is an OSError, and the next receive goes on", async () => {
  const socket = await createUdpSocket();
  const waiting = socket.receive();
  raw.fail("ECONNREFUSED");
  await expect(waiting).rejects.toMatchObject({ name: "OSError", code: "ECONNREFUSED" });
  const next = socket.receive();
  raw.arrive(1);
  expect((await next).bytes).toEqual(one);
  await socket.close();
});

test("M4: a send that is under way when the socket is closed is a ClosedResourceError", async () => {
  const socket = await createUdpSocket();
  let refuse: (error: Error) => void = () => {};
  raw.taking = new Promise((_, reject) => (refuse = reject));
  const sending = expect(socket.sendTo(one, "127.0.0.1", 1)).rejects.toMatchObject({
    message: "Cannot send: the UDP socket was closed on this side",
    code: "ERR_CLOSED_RESOURCE",
  });
  await socket.close();
  refuse(new Error("closed below"));
  await sending;
});

test("M7: a send that is cancelled before is not begun; later, the socket still sends", async () => {
  const socket = await createUdpSocket();
  raw.taking = new Promise(() => {});
  await moveOnAfter(1, () => socket.sendTo(one, "127.0.0.1", 1));
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    await socket.sendTo(one, "127.0.0.1", 2);
  });
  raw.taking = Promise.resolve();
  await socket.sendTo(one, "127.0.0.1", 3);
  expect(raw.sent).toEqual(["1 to 127.0.0.1 1", "1 to 127.0.0.1 3"]);
  await socket.close();
});

test("floating receives and sends that are cancelled are no unhandled rejections", async () => {
  const socket = await createUdpSocket();
  raw.taking = new Promise(() => {});
  let floating: Promise<unknown>[] = [];
  await moveOnAfter(1, async () => {
    floating = [socket.sendTo(one, "127.0.0.1", 1), socket.sendTo(one, "h", 1)];
    await socket.receive();
  });
  for (const promise of floating) await expect(promise).rejects.toSatisfy(isCancelled);
  await socket.close();
});

test("statistics: what the backend counts, frozen", async () => {
  const socket = await createUdpSocket();
  raw.dropped = 3;
  expect(socket.statistics()).toEqual({ dropped: 3 });
  expect(Object.isFrozen(socket.statistics())).toBe(true);
  await socket.close();
});

test("C17: a foreign signal ends one receive with its reason, and loses no datagram", async () => {
  const socket = await createUdpSocket();
  const controller = new AbortController();
  const waiting = expect(socket.receive({ signal: controller.signal })).rejects.toBe("enough");
  controller.abort("enough");
  await waiting;
  raw.arrive(1);
  expect((await socket.receive()).bytes).toEqual(one);
  await socket.close();
});
