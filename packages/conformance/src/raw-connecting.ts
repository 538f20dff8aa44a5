import type { NetBackend, RawConnectOptions, RawTcpSocket } from "@arborio/core/backend";
import { equal, ok, refuses, thrown } from "./assert.ts";
import { bytes, text } from "./bytes.ts";
import { usePair, type Pair } from "./raw-net.ts";
import type { Register } from "./suite.ts";

const HOST = "127.0.0.1";

/** The contract's names, and what a connection can be told. */
export function rawConnectingTests(register: Register): void {
  lookupTests(register);
  localAddressTests(register);
  socketTests(register);
}

function lookupTests({ raw }: Register): void {
  raw("names: a numeric address is its own", async ({ net }) => {
    for (const [address, family] of [
      [HOST, "ipv4"],
      ["::1", "ipv6"],
    ] as const)
      equal(await net!.lookup(address), [{ address, family }], "what there is");
  });

  raw("names: the system knows localhost, and the family of each address", async ({ net }) => {
    const found = await net!.lookup("localhost");
    ok(found.length > 0, "an address");
    for (const { address, family } of found)
      equal(family, address.includes(":") ? "ipv6" : "ipv4", `the family of ${address}`);
  });

  raw("names: one that there is not is ENOTFOUND, and the error names it", async ({ net }) => {
    // Where there is no DNS the system cannot tell.
    const error = await refuses(net!.lookup("none.invalid"), ["ENOTFOUND", "EAI_AGAIN"], "lookup");
    equal([error.syscall, error.address], ["getaddrinfo", "none.invalid"], "what it names");
  });

  raw("names: those of an address, or the address and the port themselves", async ({ net }) => {
    if (net!.reverse === undefined) return;
    const { host, service } = await net!.reverse(HOST, 54_321);
    ok(host.length > 0, `a host, received ${host}`);
    equal(service, "54321", "a service without a name");
    const own = "::ffff:0.0.0.1";
    equal(await net!.reverse(own, 54_321), { host: own, service: "54321" }, "what has no name");
  });
}

function localAddressTests({ raw }: Register): void {
  raw("sockets: a connection from an address and a port of one's own", async (backend) => {
    const { net } = backend;
    if (net!.lacks.has("local-address")) return;
    await usePair(backend, async ({ listener }) => {
      const port = await freePort(net!);
      const { address, port: remote } = listener.localAddress;
      for (const local of [{ localAddress: "127.0.0.2" }, { localPort: port }] as const) {
        const socket = await connect(net!, { address, port: remote, ...local });
        const server = await listener.accept();
        equal(server.remoteAddress, socket.localAddress, "whom the peer sees");
        if ("localPort" in local) equal(socket.localAddress.port, port, "the port");
        else equal(socket.localAddress.address, "127.0.0.2", "the address");
        await Promise.all([socket.close(), server.close()]);
      }
    });
  });
}

function socketTests({ raw }: Register): void {
  const withPair = (title: string, fn: (pair: Pair) => Promise<void>): void => {
    raw(`sockets: ${title}`, (backend) => usePair(backend, fn));
  };

  withPair("options are set while it is open", async ({ client, server }) => {
    for (const on of [false, true]) {
      client.setNoDelay(on);
      client.setKeepAlive(on, 1_000);
    }
    await client.write(bytes("a"));
    equal(text(await server.read(1)), "a", "what arrives");
  });

  withPair("an adopted socket reads what was sent before, and is open both ways", async (pair) => {
    const { net, client, server } = pair;
    await server.write(bytes("sent before"));
    const adopted = net.adoptSocket(client.handle);
    equal(adopted.remoteAddress, client.remoteAddress, "its peer");
    equal(text(await adopted.read(100)), "sent before", "what it reads");
    await adopted.shutdown();
    equal(await server.read(1), null, "its end");
    await server.write(bytes("after"));
    equal(text(await adopted.read(100)), "after", "what it reads after its end");
    await adopted.close();
  });

  withPair("what is no connected socket cannot be adopted", async ({ net, client, listener }) => {
    await client.close();
    for (const wrong of [undefined, null, 5, {}, listener.handle, client, client.handle])
      ok(thrown(() => net.adoptSocket(wrong)) instanceof TypeError, `a TypeError for ${typeof wrong}`);
  });

  withPair("an aborting close resets the connection: its peer reads ECONNRESET", async (pair) => {
    const { net, client, server } = pair;
    const reading = server.read(1);
    if (!net.lacks.has("reset")) {
      const refused = refuses(reading, "ECONNRESET", "the waiting read");
      await client.close({ abort: true });
      await refused;
      const error = await refuses(server.read(1), "ECONNRESET", "a later read");
      equal(error.syscall, "read", "the syscall");
      return;
    }
    await client.close({ abort: true });
    equal(await reading, null, "an end, as it cannot reset");
  });
}

function connect(net: NetBackend, where: RawConnectOptions): Promise<RawTcpSocket> {
  return net.connectTcp(where, new AbortController().signal);
}

async function freePort(net: NetBackend): Promise<number> {
  const listener = await net.listenTcp({ address: HOST, port: 0 });
  await listener.close();
  return listener.localAddress.port;
}
