import { moveOnAfter } from "@arborio/cancellation";
import { TypedAttributeLookupError } from "@arborio/core";
import {
  adoptTcpListener,
  connectTcp,
  createMultiListener,
  createTcpListener,
  SocketAttribute,
  type TcpListener,
  type TcpStream,
} from "@arborio/net";
import { extra, typedAttribute } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { equal, fails, ok, refuses } from "./assert.ts";
import { lacking, seesItsEnd, withoutIPv6 } from "./listening.ts";
import type { Register } from "./suite.ts";

/** Where listeners listen. */
export function tcpListenerTests({ run }: Register): void {
  run("createTcpListener: null is every interface, by IPv4 and IPv6", async () => {
    await using listener = await createTcpListener({ host: null });
    const { port } = listener.localAddress;
    await expectReached(listener, "127.0.0.1", port);
    if (await hasIPv6()) await expectReached(listener, "::1", port);
  });

  run("createTcpListener: an IPv4 peer of a dual-stack socket is one", async () => {
    await using listener = await createTcpListener({ host: null });
    const [client, server] = await Promise.all([
      connectTcp("127.0.0.1", listener.localAddress.port),
      listener.accept(),
    ]);
    equal(server.remoteAddress, client.localAddress, "the peer");
    equal(server.remoteAddress.family, "ipv4", "its family");
    await Promise.all([client.close(), server.close()]);
  });

  run("createTcpListener: every interface by a socket for each family, on one port", async () => {
    if (lacking().has("ipv6-only"))
      return void (await fails(createTcpListener({ ipv6Only: true }), "UnsupportedError", "ipv6Only"));
    await using listener = await createTcpListener({ host: null, ipv6Only: true });
    const { port } = listener.localAddress;
    const families = (await hasIPv6()) ? ["ipv6", "ipv4"] : ["ipv4"];
    equal(
      listener.listeners.map(({ localAddress }) => localAddress.family),
      families,
      "families",
    );
    ok(
      listener.listeners.every(({ localAddress }) => localAddress.port === port),
      "one port",
    );
    await expectReached(listener, "127.0.0.1", port);
    if (families.length > 1) await expectReached(listener, "::1", port);
  });

  run("createTcpListener: a name is listened at at its addresses", async () => {
    await using listener = await createTcpListener({ host: "localhost" });
    for (const { localAddress } of listener.listeners)
      await expectReached(listener, localAddress.address, listener.localAddress.port);
    await using narrow = await createTcpListener({ host: "localhost", family: "ipv4" });
    equal(narrow.localAddress.address, "127.0.0.1", "the address");
  });

  run("createTcpListener: an address of another machine is EADDRNOTAVAIL", async () => {
    const error = await refuses(createTcpListener({ host: "192.0.2.1" }), "EADDRNOTAVAIL", "listen");
    equal(error.syscall, "listen", "the syscall");
  });

  run("createTcpListener: with reusePort two share a port, where the host can", async () => {
    if (lacking().has("reuse-port"))
      return void (await fails(createTcpListener({ reusePort: true }), "UnsupportedError", "reusePort"));
    await using first = await createTcpListener({ reusePort: true });
    const { port } = first.localAddress;
    await using second = await createTcpListener({ port, reusePort: true });
    equal(second.localAddress.port, port, "the port");
    await using either = createMultiListener<TcpStream>([first, second]);
    for (let i = 0; i < 4; i++) await expectReached(either, "127.0.0.1", port);
    await refuses(createTcpListener({ port }), "EADDRINUSE", "one that does not ask for it");
  });

  run("createTcpListener: connections beyond the backlog do not break the listener", async () => {
    await using listener = await createTcpListener({ backlog: 1 });
    const { port } = listener.localAddress;
    const connect = async (): Promise<void> => {
      // What is not taken is refused, reset or left waiting: each system has its way.
      const client = await moveOnAfter(50, () => connectTcp("127.0.0.1", port).catch(() => undefined));
      await client?.close();
    };
    await taskGroup((group) => {
      for (let i = 0; i < 8; i++) group.spawn(connect);
    });
    await moveOnAfter(50, async () => {
      for (;;) await (await listener.accept()).close();
    });
    await expectReached(listener, "127.0.0.1", port);
  });

  run("a listener's attributes say where it listens; of a peer it has none", async () => {
    await using listener = await createTcpListener();
    const { localAddress } = listener;
    equal(extra(listener, SocketAttribute.localAddress), localAddress, "the address");
    equal(extra(listener, SocketAttribute.localPort), localAddress.port, "the port");
    equal(extra(listener, SocketAttribute.family), "ipv4", "the family");
    ok(extra(listener, SocketAttribute.rawSocket) !== undefined, "the host's own");
    let missing: unknown;
    try {
      extra(listener, typedAttribute("remoteAddress"));
    } catch (error) {
      missing = error;
    }
    ok(missing instanceof TypedAttributeLookupError, `a lookup error, received ${String(missing)}`);
  });

  run("createMultiListener: several are served by one handler, and know their peers", async () => {
    const listeners = [await createTcpListener(), await createTcpListener()];
    const v6 = await createTcpListener({ host: "::1" }).catch(withoutIPv6);
    if (v6 !== undefined) listeners.push(v6);
    await using all = createMultiListener<TcpStream>(listeners);
    await taskGroup(async (group) => {
      group.spawn(() => all.serve((stream) => stream.send(portOf(stream))));
      for (const { localAddress } of listeners) {
        const client = await connectTcp(localAddress.address, localAddress.port);
        equal(await client.receive(), portOf({ remoteAddress: client.localAddress }), "whom the server saw");
        await seesItsEnd(client, "the client");
      }
      await all.close();
    });
  });

  run("adoptTcpListener: what is no listener is a TypeError", async () => {
    await using listener = await createTcpListener();
    const accepting = connectTcp("127.0.0.1", listener.localAddress.port);
    await using client = await accepting;
    for (const wrong of [undefined, null, {}, "127.0.0.1:80", client]) {
      let error: unknown;
      try {
        adoptTcpListener(wrong);
      } catch (thrown) {
        error = thrown;
      }
      ok(error instanceof TypeError, `a TypeError, received ${String(error)}`);
    }
  });
}

async function expectReached(
  listener: Pick<TcpListener, "accept">,
  address: string,
  port: number,
): Promise<void> {
  const [client, server] = await Promise.all([connectTcp(address, port), listener.accept()]);
  equal(server.remoteAddress.port, client.localAddress.port, "who was accepted");
  await Promise.all([client.close(), server.close()]);
}

function portOf({ remoteAddress }: Pick<TcpStream, "remoteAddress">): Uint8Array {
  return new TextEncoder().encode(String(remoteAddress.port));
}

async function hasIPv6(): Promise<boolean> {
  const listener = await createTcpListener({ host: "::1" }).catch(withoutIPv6);
  await listener?.close();
  return listener !== undefined;
}
