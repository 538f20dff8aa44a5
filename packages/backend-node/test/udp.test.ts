import { nodeBackend } from "@arborio/backend-node";
import type { RawUdpOptions, RawUdpSocket } from "@arborio/core/backend";
import { expect, test } from "vitest";

// Deno imitates node:dgram in part: no refusals, no counts, no broadcast. It has a backend of its own.
const onDeno = "Deno" in globalThis;

const HOST = "127.0.0.1";
const { lacks, udp } = nodeBackend().net!;

function open(options: Partial<RawUdpOptions> = {}): Promise<RawUdpSocket> {
  return udp!.open({ address: HOST, port: 0, queueSize: 5, ...options });
}

/** A socket connected to where nobody is. */
async function connectedToNobody(): Promise<RawUdpSocket> {
  const gone = await open();
  await gone.close();
  return open({ remote: gone.localAddress });
}

test.skipIf(onDeno)("UDP: that nobody is there is told by the receive that waits", async () => {
  const socket = await connectedToNobody();
  const waiting = expect(socket.receive()).rejects.toMatchObject({
    name: "OSError",
    code: "ECONNREFUSED",
    syscall: "receive",
  });
  await socket.send(new Uint8Array(1));
  await waiting;
  await socket.close();
});

test.skipIf(onDeno)("UDP: told while none waits, it is the next receive's or send's, once", async () => {
  const socket = await connectedToNobody();
  await socket.send(new Uint8Array(1));
  for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
  await expect(socket.receive()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  const later = expect(socket.receive()).rejects.toMatchObject({ code: "EBADF" });
  await socket.close();
  await later;
});

test.skipIf(onDeno)(
  "UDP: no more datagrams than the queue wait here; the newest are dropped, and counted",
  async () => {
    const [one, other] = [await open(), await open()];
    for (let i = 0; i < 8; i++) await one.send(Uint8Array.of(i), other.localAddress);
    for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
    expect(other.dropped).toBe(3);
    const received = [];
    for (let i = 0; i < 5; i++) received.push((await other.receive()).bytes[0]);
    expect(received).toEqual([0, 1, 2, 3, 4]);
    await Promise.all([one.close(), other.close()]);
  },
);

test.skipIf(onDeno || lacks.has("udp-reuse-port"))(
  "UDP: reusePort shares a port among those that ask for it",
  async () => {
    const first = await open({ reusePort: true });
    const { port } = first.localAddress;
    const second = await open({ port, reusePort: true });
    expect(second.localAddress).toEqual(first.localAddress);
    await expect(open({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
    await Promise.all([first.close(), second.close()]);
  },
);

test.skipIf(onDeno)("UDP: broadcast may be sent when it is set", async () => {
  const socket = await open({ address: "0.0.0.0" });
  const to = { address: "127.255.255.255", port: 9 };
  await expect(socket.send(new Uint8Array(1), to)).rejects.toMatchObject({ code: "EACCES" });
  socket.controls!.setBroadcast(true);
  await socket.send(new Uint8Array(1), to);
  await socket.close();
  expect(() => socket.controls!.setTtl(1)).toThrow("EBADF");
});
