import { CancelScope } from "@arborio/cancellation";
import { checkpoint, isCancelled, isError, sleep } from "@arborio/core";
import { createConnectedUdpSocket, createUdpSocket, SocketAttribute } from "@arborio/net";
import { attributesOf, extra } from "@arborio/streams";
import { equal, fails, ok, refuses } from "./assert.ts";
import { bytes, text } from "./bytes.ts";
import { cancelWaiting, inCancelledScope } from "./cancelled.ts";
import type { Register } from "./suite.ts";
import { sides, withUdpPair, type UdpPair, type UdpSide } from "./udp-pair.ts";

const receive = (side: UdpSide): Promise<unknown> => side.receive();
const send = (side: UdpSide): Promise<unknown> => side.send(bytes("x"));
const operations = { receive, send };

const closings: Record<string, (side: UdpSide) => unknown> = {
  closed: ({ socket }) => socket.close(),
  "closed forcefully": ({ socket }) => socket.closeForcefully(),
  "disposed of": ({ socket }) => socket[Symbol.asyncDispose](),
};

/** UDP sockets through the public package. */
export function udpSocketTests(register: Register): void {
  for (const kind of Object.keys(sides)) sideTests(register, kind);
  unconnectedTests(register);
  connectedTests(register);
}

/** What holds of either kind. */
function sideTests(register: Register, kind: string): void {
  const side = (title: string, fn: (one: UdpSide, other: UdpSide) => Promise<void>): void =>
    withUdpPair(register, title, (open) => fn(...sides[kind]!(open)));

  for (const [state, close] of Object.entries(closings)) {
    for (const [name, operation] of Object.entries(operations)) {
      side(`M4: ${name} on ${kind} ${state}: ClosedResourceError, again and again`, async (one) => {
        await close(one);
        for (let i = 0; i < 2; i++) await fails(operation(one), "ClosedResourceError", name);
      });
    }
  }

  for (const [name, operation] of Object.entries(operations)) {
    side(`C3: ${name} on ${kind} in a cancelled scope throws and does nothing`, async (one, other) => {
      await other.send(bytes("kept"));
      ok(isCancelled(await inCancelledScope(() => operation(one))), "a Cancelled");
      equal(text(await one.receive()), "kept", "what came");
      await one.send(bytes("only this"));
      equal(text(await other.receive()), "only this", "what the other received");
    });
  }

  side(`M4: closing ${kind} while receive waits wakes it with ClosedResourceError`, async (one) => {
    const waiting = fails(one.receive(), "ClosedResourceError", "receive");
    await one.socket.close();
    await waiting;
  });

  side(`M4: closing ${kind} while a send is under way ends the send`, async (one) => {
    const sending = Promise.allSettled([one.send(bytes("x"))]);
    await one.socket.close();
    const [outcome] = await sending;
    const error: unknown = outcome?.status === "rejected" ? outcome.reason : undefined;
    ok(
      error === undefined || isError(error, "ClosedResourceError"),
      `sent or closed, received ${String(error)}`,
    );
  });

  side(
    `M4: a second task that receives from ${kind} is told so, and the first goes on`,
    async (one, other) => {
      const first = one.receive();
      await fails(one.receive(), "BusyResourceError", "the second");
      await other.send(bytes("x"));
      equal(text(await first), "x", "what the first received");
    },
  );

  side(`M4: on ${kind} sends may overlap, and be while it receives`, async (one, other) => {
    const waiting = one.receive();
    await Promise.all(["a", "b", "c"].map((sent) => one.send(bytes(sent))));
    const received = [];
    for (let i = 0; i < 3; i++) received.push(text(await other.receive()));
    equal(received.sort(), ["a", "b", "c"], "what the other received");
    await other.send(bytes("d"));
    equal(text(await waiting), "d", "what it received");
  });

  side(`M5: closing ${kind} in a cancelled scope throws, and it is closed`, async (one) => {
    ok(isCancelled(await inCancelledScope(() => one.socket.close())), "a Cancelled");
    await fails(one.receive(), "ClosedResourceError", "receive");
  });

  side(
    `M5: disposing of ${kind} in a cancelled scope does not throw; the next checkpoint does`,
    async (one) => {
      const scope = new CancelScope();
      await scope.run(async () => {
        scope.cancel();
        await one.socket[Symbol.asyncDispose]();
        await fails(checkpoint(), "Cancelled", "the checkpoint");
      });
      await fails(one.receive(), "ClosedResourceError", "receive");
    },
  );

  side(`M5: closing ${kind} is idempotent, in any order`, async ({ socket }) => {
    await socket.close();
    socket.closeForcefully();
    await socket[Symbol.asyncDispose]();
    await socket.close();
  });

  side(
    `M6: a datagram that comes for a cancelled receive from ${kind} goes to the next`,
    async (one, other) => {
      await cancelWaiting(() => one.receive());
      await other.send(bytes("a"));
      await other.send(bytes("b"));
      equal([text(await one.receive()), text(await one.receive())], ["a", "b"], "the next receives");
    },
  );

  side(`M6: many cancelled receives from ${kind} lose no datagram`, async (one, other) => {
    let received = "";
    for (let i = 0; i < 10; i++) {
      const scope = new CancelScope();
      const waiting = scope.run(() => one.receive());
      scope.cancel();
      // What had come before the cancellation is given all the same (C5).
      received += text((await waiting) ?? null) ?? "";
      await other.send(bytes(String(i)));
    }
    while (received.length < 10) received += text(await one.receive());
    equal(received, "0123456789", "all of them");
  });

  side(`a datagram too long for ${kind} is an OSError, and it goes on`, async (one, other) => {
    await refuses(one.send(new Uint8Array(70_000)), "EMSGSIZE", "send");
    await one.send(bytes("short"));
    equal(text(await other.receive()), "short", "what came");
  });

  side(`after ${kind} is closed its port is free at once`, async (one) => {
    const waiting = fails(one.receive(), "ClosedResourceError", "receive");
    const { address: host, port } = one.socket.localAddress;
    await one.socket.close();
    await (await createUdpSocket({ host, port })).close();
    await waiting;
  });

  side(`the controls of ${kind} when it is closed: ClosedResourceError`, async ({ socket }) => {
    await socket.close();
    await fails((async () => socket.controls.setTtl(1))(), "ClosedResourceError", "setTtl");
  });
}

function unconnectedTests(register: Register): void {
  const { run } = register;
  const pair = (title: string, fn: (pair: UdpPair) => Promise<void>): void =>
    withUdpPair(register, title, fn);

  pair(
    "a datagram comes with the address it came from, and an answer goes back",
    async ({ server, client }) => {
      await client.send(bytes("ping"));
      const { bytes: received, from } = await server.receive();
      equal([text(received), from], ["ping", client.localAddress], "what came");
      await server.send({ bytes: bytes("pong"), to: from });
      equal(text(await client.receive()), "pong", "what came back");
      await server.sendTo(bytes("again"), from.address, from.port);
      equal(text(await client.receive()), "again", "by sendTo");
    },
  );

  pair(
    "a UDP socket is an iterable of datagrams; leaving it does not close it",
    async ({ server, client }) => {
      const received = [];
      for (const sent of ["a", "b", "c"]) await client.send(bytes(sent));
      for await (const datagram of server) {
        received.push(text(datagram.bytes));
        if (received.length === 2) break;
      }
      received.push(text((await server.receive()).bytes));
      equal(received, ["a", "b", "c"], "what came");
    },
  );

  pair("attributes of a UDP socket: the near end's, and no far end", async ({ server }) => {
    const { family, localAddress, localPort, remoteAddress, remotePort, rawSocket } = SocketAttribute;
    equal(extra(server, localAddress), server.localAddress, "the near end");
    equal(extra(server, localPort), server.localAddress.port, "its port");
    equal(extra(server, family), server.localAddress.family, "the family");
    ok(extra(server, rawSocket) !== undefined, "a socket");
    for (const far of [remoteAddress, remotePort]) ok(!attributesOf(server).has(far), `no ${far.name}`);
  });

  run("UDP: a socket for which nothing is said has a port, at every address", async () => {
    for (const [family, address] of [
      [undefined, "0.0.0.0"],
      ["ipv4", "0.0.0.0"],
      ["ipv6", "::"],
    ] as const) {
      await using socket = await createUdpSocket({ family });
      equal(socket.localAddress.address, address, "the address");
      ok(socket.localAddress.port > 0, "a port");
    }
  });

  run("UDP: a port in use is an OSError EADDRINUSE", async () => {
    await using socket = await createUdpSocket({ host: "127.0.0.1" });
    const { port } = socket.localAddress;
    const error = await refuses(createUdpSocket({ host: "127.0.0.1", port }), "EADDRINUSE", "open");
    equal(error.address, `127.0.0.1:${String(port)}`, "what it names");
  });

  run("UDP: that one peer is gone is not told by what goes to another, or comes from it", async () => {
    const gone = await closedSocket();
    await using socket = await createUdpSocket({ host: "127.0.0.1" });
    await using peer = await createUdpSocket({ host: "127.0.0.1" });
    for (let i = 0; i < 20; i++) {
      await socket.send({ bytes: bytes("x"), to: gone });
      // At once, and when the host has had time to learn of it.
      if (i % 2 === 0) await sleep(1);
      await socket.send({ bytes: bytes(String(i)), to: peer.localAddress });
      const { bytes: received, from } = await peer.receive();
      await peer.send({ bytes: received, to: from });
      equal(text((await socket.receive()).bytes), String(i), "what came back");
    }
  });

  run("UDP: sendTo and host take names, of the socket's family", async () => {
    await using server = await createUdpSocket({ host: "localhost", family: "ipv4" });
    equal(server.localAddress.address, "127.0.0.1", "the address");
    await using client = await createUdpSocket();
    await client.sendTo(bytes("by name"), "localhost", server.localAddress.port);
    equal(text((await server.receive()).bytes), "by name", "what came");
    await refuses(createUdpSocket({ host: "::1", family: "ipv4" }), "ENOTFOUND", "the other family");
  });

  run("UDP: a flood beyond the queue is dropped and counted, or waits in the system", async () => {
    await using server = await createUdpSocket({ host: "127.0.0.1", queueSize: 10 });
    await using client = await createUdpSocket({ host: "127.0.0.1" });
    const count = 150;
    for (let i = 0; i < count; i++) await client.send({ bytes: Uint8Array.of(i), to: server.localAddress });
    let received = 0;
    while (received + server.statistics().dropped < count) {
      const { bytes: one } = await server.receive();
      if (received < 10) equal(one[0], received, "the first are kept, in their order");
      received++;
    }
    ok(received >= 10, "what is kept");
    await client.send({ bytes: bytes("later"), to: server.localAddress });
    equal(text((await server.receive()).bytes), "later", "it goes on");
  });

  run("UDP: a socket that is open for a cancelled call is closed", async () => {
    const { port } = await closedSocket();
    const scope = new CancelScope();
    const attempt = scope.run(() => createUdpSocket({ host: "127.0.0.1", port }));
    scope.cancel();
    equal(await attempt, undefined, "the value");
    // The port is free again in the end; there is nothing to wait for it by.
    for (;;) {
      const socket = await createUdpSocket({ host: "127.0.0.1", port }).catch(() => undefined);
      if (socket !== undefined) return socket.close();
    }
  });
}

function connectedTests(register: Register): void {
  const { run } = register;
  const pair = (title: string, fn: (pair: UdpPair) => Promise<void>): void =>
    withUdpPair(register, title, fn);

  pair("a connected UDP socket receives from its peer alone", async ({ server, client }) => {
    await using stranger = await createUdpSocket({ host: server.localAddress.address });
    await stranger.send({ bytes: bytes("from a stranger"), to: client.localAddress });
    await server.send({ bytes: bytes("from the peer"), to: client.localAddress });
    equal(text(await client.receive()), "from the peer", "what came");
  });

  pair("a connected UDP socket is an iterable of bytes", async ({ server, client }) => {
    for (const sent of ["a", "b"]) await server.send({ bytes: bytes(sent), to: client.localAddress });
    const received = [];
    for await (const datagram of client) if (received.push(text(datagram)) === 2) break;
    equal(received, ["a", "b"], "what came");
  });

  pair("attributes of a connected UDP socket: both ends'", async ({ server, client }) => {
    const { localPort, remoteAddress, remotePort } = SocketAttribute;
    const { address, port, family } = server.localAddress;
    equal(client.remoteAddress, { address, family, port }, "the peer");
    equal(extra(client, remoteAddress), client.remoteAddress, "the far end");
    equal(extra(client, remotePort), port, "its port");
    equal(extra(client, localPort), client.localAddress.port, "the near end");
  });

  run("UDP: createConnectedUdpSocket takes names, and the system chooses its own end", async () => {
    await using server = await createUdpSocket({ host: "127.0.0.1" });
    const { port } = server.localAddress;
    await using client = await createConnectedUdpSocket("localhost", port, { family: "ipv4" });
    await client.send(bytes("ping"));
    const { from } = await server.receive();
    equal(from.port, client.localAddress.port, "its port");
    await server.send({ bytes: bytes("pong"), to: from });
    equal(text(await client.receive()), "pong", "what came back");
  });

  run("UDP: where nobody is, a send or a receive may be ECONNREFUSED, and the socket goes on", async () => {
    const gone = await closedSocket();
    await using client = await createConnectedUdpSocket(gone.address, gone.port, { localHost: "127.0.0.1" });
    for (let i = 0; i < 3; i++) await client.send(bytes("x")).catch(refused);
    await using server = await createUdpSocket({ host: gone.address, port: gone.port });
    // What the system still has to tell of the earlier ones comes first.
    for (let sent = false; !sent;) sent = await client.send(bytes("there")).then(() => true, refused);
    equal(text((await server.receive()).bytes), "there", "what came");
    await server.send({ bytes: bytes("here"), to: client.localAddress });
    for (;;) {
      const received = await client.receive().catch(refused);
      if (received !== false) return equal(text(received), "here", "what came back");
    }
  });
}

function refused(error: unknown): false {
  if ((error as { code?: unknown }).code !== "ECONNREFUSED") throw error;
  return false;
}

/** An address where nobody is. */
async function closedSocket(): Promise<{ readonly address: string; readonly port: number }> {
  const socket = await createUdpSocket({ host: "127.0.0.1" });
  await socket.close();
  return socket.localAddress;
}
