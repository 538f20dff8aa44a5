import type { Backend, RawUdpOptions, RawUdpSocket, UdpBackend } from "@arborio/core/backend";
import { equal, ok, refuses } from "./assert.ts";
import { bytes, text } from "./bytes.ts";
import type { Register } from "./suite.ts";

const HOST = "127.0.0.1";

/** The most that IPv4 has room for. */
const LONGEST = 65_507;

type Open = (options?: Partial<RawUdpOptions>) => Promise<RawUdpSocket>;

/** The contract's UDP sockets. */
export function rawUdpTests({ raw }: Register): void {
  const opening = (title: string, fn: (open: Open, backend: Backend) => Promise<void>): void => {
    raw(`UDP sockets: ${title}`, (backend) => useSockets(backend, fn));
  };

  opening("a port in use is EADDRINUSE, and the error names it", async (open) => {
    const { port } = (await open()).localAddress;
    ok(port > 0, "a port");
    const error = await refuses(open({ port }), "EADDRINUSE", "open");
    equal([error.syscall, error.address], ["bind", `${HOST}:${String(port)}`], "what it names");
  });

  opening("an address of another machine is EADDRNOTAVAIL", async (open) => {
    await refuses(open({ address: "192.0.2.1" }), "EADDRNOTAVAIL", "open");
  });

  opening("after close the port is free, also if a receive waited", async (open) => {
    const first = await open();
    const { port } = first.localAddress;
    for (let socket = first, i = 0; i < 5; i++, socket = await open({ port })) {
      const waiting = refuses(socket.receive(), "EBADF", "receive");
      await socket.close();
      await waiting;
    }
  });

  opening("after close the port is free, also if sends were under way", async (open) => {
    const first = await open();
    const { port } = first.localAddress;
    const to = (await open()).localAddress;
    for (let socket = first, i = 0; i < 5; i++, socket = await open({ port })) {
      const sending = Array.from({ length: 20 }, () => socket.send(new Uint8Array(60_000), to));
      const sent = Promise.allSettled(sending);
      await socket.close();
      const next = await open({ port });
      await Promise.all([sent, next.close()]);
    }
  });

  for (const [family, address] of [
    ["ipv4", HOST],
    ["ipv6", "::1"],
  ] as const) {
    opening(`${family}: a datagram comes whole, with the address it came from`, async (open) => {
      const [one, other] = [await open({ address }), await open({ address })];
      for (const sent of ["hello", "", "x".repeat(9_000)]) {
        await one.send(bytes(sent), other.localAddress);
        const { bytes: received, from } = await other.receive();
        equal(text(received), sent, "the bytes");
        equal(from, one.localAddress, "who sent it");
        equal(from.family, family, "the family");
      }
    });
  }

  opening("one at :: speaks with IPv4 too", async (open) => {
    const [both, four] = [await open({ address: "::" }), await open()];
    await four.send(bytes("to both"), { address: HOST, port: both.localAddress.port });
    const { bytes: received, from } = await both.receive();
    equal([text(received), from], ["to both", four.localAddress], "what came");
    await both.send(bytes("back"), from);
    equal(text((await four.receive()).bytes), "back", "what came back");
  });

  opening("what is received is memory of its own", async (open) => {
    const [one, other] = [await open(), await open()];
    await one.send(bytes("first"), other.localAddress);
    const first = await other.receive();
    await one.send(bytes("other"), other.localAddress);
    const second = await other.receive();
    new Uint8Array(second.bytes.buffer).fill(0);
    equal(text(first.bytes), "first", "what came first");
  });

  opening(
    "the longest datagram is not cut; a longer one is EMSGSIZE, and the socket goes on",
    async (open) => {
      const [one, other] = [await open(), await open()];
      const to = other.localAddress;
      const error = await refuses(one.send(new Uint8Array(LONGEST + 1), to), "EMSGSIZE", "send");
      equal([error.syscall, error.address], ["send", `${HOST}:${String(to.port)}`], "what it names");
      await one.send(new Uint8Array(LONGEST), to);
      equal((await other.receive()).bytes.length, LONGEST, "bytes received");
    },
  );

  opening(
    "datagrams that nobody receives wait, up to the queue; what is dropped is counted",
    async (open) => {
      const [one, other] = [await open(), await open({ queueSize: 20 })];
      const count = 150;
      for (let i = 0; i < count; i++) await one.send(Uint8Array.of(i), other.localAddress);
      const received: number[] = [];
      while (received.length + other.dropped < count) received.push((await other.receive()).bytes[0]!);
      equal(received.slice(0, 20), [...Array(20).keys()], "the first, in their order");
      equal(received.length + other.dropped, count, "received and dropped");
      ok(other.dropped === 0 || received.length < count, "what was dropped was not received");
    },
  );

  opening("a connected one receives from its peer alone", async (open) => {
    const [peer, stranger] = [await open(), await open()];
    const remote = peer.localAddress;
    const connected = await open({ remote });
    await stranger.send(bytes("from a stranger"), connected.localAddress);
    await peer.send(bytes("from the peer"), connected.localAddress);
    const { bytes: received, from } = await connected.receive();
    equal([text(received), from], ["from the peer", remote], "what came");
    await connected.send(bytes("back"));
    equal(text((await peer.receive()).bytes), "back", "what came back");
  });

  for (const address of [HOST, "::1", "::"]) {
    opening(
      `a connected one at ${address} hands over no stranger's datagram that came while it was opened`,
      async (open) => {
        const at = address === "::" ? HOST : address;
        const [peer, stranger, placeholder] = [
          await open({ address: at }),
          await open({ address: at }),
          await open({ address }),
        ];
        const { port } = placeholder.localAddress;
        await placeholder.close();
        for (let round = 0; round < 20; round++) {
          const opening = open({ address, port, remote: peer.localAddress });
          await floodUntil(opening, stranger, { address: at, port });
          const connected = await opening;
          await peer.send(bytes("from the peer"), { address: at, port });
          const { bytes: received, from } = await connected.receive();
          equal([text(received), from], ["from the peer", peer.localAddress], "what came");
          await connected.close();
        }
      },
    );
  }

  opening("a connected one over IPv6, by any spelling of the address", async (open) => {
    const peer = await open({ address: "::1" });
    const remote = { address: "0:0:0:0:0:0:0:1", port: peer.localAddress.port };
    const connected = await open({ address: "::1", remote });
    await connected.send(bytes("ping"));
    await peer.send(bytes("pong"), (await peer.receive()).from);
    equal(text((await connected.receive()).bytes), "pong", "what came");
  });

  opening("one connected to an unspecified address speaks with this machine", async (open) => {
    for (const [address, unspecified] of [
      [HOST, "0.0.0.0"],
      ["::1", "::"],
    ] as const) {
      const peer = await open({ address });
      const remote = { address: unspecified, port: peer.localAddress.port };
      const connected = await open({ address, remote });
      await connected.send(bytes("ping"));
      await peer.send(bytes("pong"), (await peer.receive()).from);
      equal(text((await connected.receive()).bytes), "pong", "what came");
    }
  });

  opening("close rejects the receive with EBADF, and all that comes later", async (open) => {
    const socket = await open();
    const waiting = refuses(socket.receive(), "EBADF", "receive");
    await socket.close();
    equal((await waiting).syscall, "receive", "the syscall");
    await refuses(socket.receive(), "EBADF", "a later receive");
    const error = await refuses(socket.send(bytes("x"), socket.localAddress), "EBADF", "a later send");
    equal(error.syscall, "send", "the syscall");
    await socket.close();
  });

  opening("sends may overlap", async (open) => {
    const [one, other] = [await open(), await open()];
    await Promise.all(["a", "b", "c"].map((sent) => one.send(bytes(sent), other.localAddress)));
    const received = [];
    for (let i = 0; i < 3; i++) received.push(text((await other.receive()).bytes));
    equal(received.sort(), ["a", "b", "c"], "what came");
  });

  opening("controls, where there are any, set what the system knows", async (open) => {
    const socket = await open({ address: "0.0.0.0" });
    const { controls } = socket;
    if (controls === undefined) return;
    for (const on of [true, false]) {
      controls.setBroadcast(on);
      controls.setMulticastLoopback(on);
    }
    controls.setTtl(5);
    controls.setMulticastTtl(0);
    controls.joinMulticast("239.255.41.7", HOST);
    controls.leaveMulticast("239.255.41.7", HOST);
    const left = (async () => controls.leaveMulticast("239.255.41.7", HOST))();
    equal((await refuses(left, "EADDRNOTAVAIL", "leaving twice")).syscall, "setsockopt", "the syscall");
    const none = (async () => controls.joinMulticast(HOST))();
    await refuses(none, "EINVAL", "joining what is no group");
  });

  opening("broadcast is refused until it is set, where it can be", async (open) => {
    const socket = await open({ address: "0.0.0.0" });
    const { controls } = socket;
    if (controls === undefined) return;
    const to = { address: "255.255.255.255", port: 9 };
    await refuses(socket.send(bytes("x"), to), "EACCES", "send");
  });
}

/** Sends to an address, from one turn of the event loop to the next, until the promise has settled. */
async function floodUntil(
  settled: Promise<unknown>,
  from: RawUdpSocket,
  to: { readonly address: string; readonly port: number },
): Promise<void> {
  let over = false;
  const end = (): void => void (over = true);
  settled.then(end, end);
  while (!over) await from.send(bytes("from a stranger"), to);
}

async function useSockets(
  backend: Backend,
  fn: (open: Open, backend: Backend) => Promise<void>,
): Promise<void> {
  const udp: UdpBackend = backend.net!.udp!;
  const opened: RawUdpSocket[] = [];
  const open: Open = async (options) => {
    const socket = await udp.open({ address: HOST, port: 0, queueSize: 200, ...options });
    opened.push(socket);
    return socket;
  };
  try {
    await fn(open, backend);
  } finally {
    await Promise.all(opened.map((socket) => socket.close()));
  }
}
