import { CancelScope } from "@arborio/cancellation";
import { isCancelled, isError } from "@arborio/core";
import {
  asConnectable,
  connectTcp,
  getAddressInfo,
  getNameInfo,
  setResolver,
  type TcpListener,
  type TcpStream,
} from "@arborio/net";
import { equal, fails, ok, refuses } from "./assert.ts";
import { inCancelledScope } from "./cancelled.ts";
import type { Register } from "./suite.ts";
import { listenAt, LOOPBACKS } from "./tcp-pair.ts";

type Listening = (title: string, fn: (listener: TcpListener, host: string) => Promise<void>) => void;

/** Names, and making TCP connections, through the public package. */
export function tcpConnectingTests({ run }: Register): void {
  for (const [family, host] of LOOPBACKS) {
    connectTests((title, fn) => {
      run(`connectTcp over ${family}: ${title}`, async () => {
        await using listener = await listenAt(host);
        if (listener !== undefined) await fn(listener, host);
      });
    });
  }
  addressesTests(run);
  namesTests(run);
}

function connectTests(listening: Listening): void {
  listening(
    "a port where nobody listens is an OSError ECONNREFUSED that names it",
    async (listener, host) => {
      const { port } = listener.localAddress;
      await listener.close();
      const error = await refuses(connectTcp(host, port), "ECONNREFUSED", "connectTcp");
      equal(
        [error.syscall, error.address],
        ["connect", host === "::1" ? `[::1]:${String(port)}` : `${host}:${String(port)}`],
        "what it names",
      );
    },
  );

  listening("C3: in a cancelled scope it throws, and nobody connects", async (listener, host) => {
    const { port } = listener.localAddress;
    ok(isCancelled(await inCancelledScope(() => connectTcp(host, port))), "a Cancelled");
    await expectNext(listener, await connectTcp(host, port));
  });

  listening("C4: a cancelled attempt leaves no connection open", async (listener, host) => {
    const { port } = listener.localAddress;
    const scope = new CancelScope();
    const attempt = scope.run(() => connectTcp(host, port));
    scope.cancel();
    equal(await attempt, undefined, "the value");
    await using client = await connectTcp(host, port);
    for (;;) {
      // The attempt may have reached the listener; then it is closed.
      await using server = await listener.accept();
      if (server.remoteAddress.port === client.localAddress.port) break;
      ok(await ends(server), "the attempt's connection has ended");
    }
  });

  listening("a connectable connects again and again", async (listener, host) => {
    const connectable = asConnectable([host, listener.localAddress.port]);
    for (let i = 0; i < 2; i++) {
      await using stream = await connectable.connect();
      await using server = await listener.accept();
      await server.close();
      await fails(stream.receive(), "EndOfStream", "its end");
    }
    await listener.close();
    const { cause } = await fails(connectable.connect(), "ConnectionFailed", "connect");
    ok(isError(cause, "OSError") && cause.code === "ECONNREFUSED", `its cause, received ${String(cause)}`);
  });
}

function addressesTests(run: Register["run"]): void {
  const both = LOOPBACKS.map(([family, address]) => ({ address, family: family.toLowerCase() as "ipv4" }));

  for (const [family, host] of LOOPBACKS) {
    run(`connectTcp: of a name with both families it takes that which listens: ${family}`, async () => {
      await using listener = await listenAt(host);
      if (listener === undefined) return;
      for (const addresses of [both, both.toReversed()]) {
        setResolver({ lookup: async () => addresses });
        await using stream = await connectTcp("both.test", listener.localAddress.port);
        equal(stream.remoteAddress.address, host, "the address");
        await expectNext(listener, stream);
      }
    });
  }

  run("connectTcp: if all addresses of a name fail, one OSError has the error of each", async () => {
    const listener = (await listenAt("127.0.0.1"))!;
    const { port } = listener.localAddress;
    await listener.close();
    setResolver({
      lookup: async () => ["127.0.0.1", "127.0.0.1"].map((address) => ({ address, family: "ipv4" })),
    });
    const error = await refuses(connectTcp("twice.test", port), "ECONNREFUSED", "connectTcp");
    equal(error.address, `twice.test:${String(port)}`, "the address");
    const { errors } = error.cause as AggregateError;
    equal(
      errors.map((one: unknown) => isError(one, "OSError") && one.address),
      Array.from({ length: 2 }, () => `127.0.0.1:${String(port)}`),
      "whose errors",
    );
  });
}

function namesTests(run: Register["run"]): void {
  run("getAddressInfo: the system knows localhost", async () => {
    const found = await getAddressInfo("localhost", 80);
    ok(found.length > 0, "an address");
    for (const { address, port, family } of found)
      ok(
        LOOPBACKS.some(([, own]) => own === address) && port === 80,
        `a loopback, received ${address} ${family}`,
      );
    const loopbacks = await getAddressInfo("localhost", 0, { family: "ipv4" }).catch(() => undefined);
    ok(loopbacks?.every(({ family }) => family === "ipv4") !== false, "of the family");
  });

  run("getAddressInfo: a numeric address is its own", async () => {
    for (const [, address] of LOOPBACKS)
      equal(
        (await getAddressInfo(address, 7)).map((one) => [one.address, one.port]),
        [[address, 7]],
        "addresses",
      );
  });

  // A name that can be no one's (RFC 6761); where there is no DNS the system cannot tell.
  const unknown = ["ENOTFOUND", "EAI_AGAIN"];
  run(
    "getAddressInfo: a name that there is not is an OSError of getaddrinfo, with no other context",
    async () => {
      for (const ask of [() => getAddressInfo("none.invalid"), () => connectTcp("none.invalid", 1)]) {
        const error = await refuses(ask(), unknown, "the lookup");
        equal([error.syscall, error.address], ["getaddrinfo", "none.invalid"], "what it names");
        ok(
          !isError(error.cause, "OSError") && !(error.cause instanceof AggregateError),
          "its cause is the host's own",
        );
      }
    },
  );

  run("getNameInfo: the names of an address, or itself", async () => {
    const known = await getNameInfo("127.0.0.1", 80);
    ok(known.host.length > 0 && known.service.length > 0, `names, received ${JSON.stringify(known)}`);
    // Of the network for documentation (RFC 5737): nobody's, unless DNS is told to answer for it.
    const nobody = await getNameInfo("::ffff:0:1", 54_321).catch(() => undefined);
    if (nobody !== undefined) equal(nobody.service, "54321", "a service without a name");
  });
}

/** Checks that the next connection accepted is this one: none came before. */
async function expectNext(listener: TcpListener, client: TcpStream): Promise<void> {
  await using server = await listener.accept();
  equal(server.remoteAddress, client.localAddress, "who is accepted");
  await client.close();
}

async function ends(stream: TcpStream): Promise<boolean> {
  const outcome = await stream.receive().catch((error: unknown) => error);
  return isError(outcome, "EndOfStream") || isError(outcome, "BrokenResourceError");
}
