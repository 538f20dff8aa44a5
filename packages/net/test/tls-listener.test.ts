import { CancelScope } from "@arborio/cancellation";
import { currentTime, isError, sleep, sleepForever } from "@arborio/core";
import type { Backend, RawStream, TlsBackend } from "@arborio/core/backend";
import {
  createTcpListener,
  TlsListener,
  wrapTls,
  type TcpListener,
  type TlsListenerOptions,
} from "@arborio/net";
import type { ServeOptions } from "@arborio/streams";
import { CapacityLimiter } from "@arborio/sync";
import { taskGroup } from "@arborio/task-group";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { expect } from "vitest";
import { FakeListener } from "./fake-listener.ts";
import { fakeNet, FakeSocket, FakeTls, fakeTls } from "./fake-net.ts";
import { PATIENCE } from "./serving.ts";

const PEM = { certificate: "-----BEGIN CERTIFICATE-----", key: "-----BEGIN PRIVATE KEY-----" };
/** A whole record, as a client's first is, and the same in two parts. */
const RECORD = Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 0);
const PARTS = [RECORD.subarray(0, 3), RECORD.subarray(3, 7), RECORD.subarray(7)] as const;

/** A host whose engines the test sees, and whose handshakes end when the test says so. */
class Engines {
  readonly made: RawStream[] = [];
  readonly done: ((failure?: unknown) => void)[] = [];

  readonly accept: NonNullable<TlsBackend["accept"]> = (transport, _options, signal) =>
    new Promise((resolve, reject) => {
      this.made.push(transport);
      signal.addEventListener("abort", () => {
        void transport.close({ abort: true });
        reject(signal.reason);
      });
      this.done.push((failure) => {
        if (failure === undefined) resolve(new FakeTls());
        else reject(failure);
      });
    });
}

interface Given {
  readonly raw: FakeListener;
  readonly engines: Engines;
  readonly listener: TcpListener;
  /** A client that connects. */
  come(): FakeSocket;
}

function test(title: string, fn: (given: Given) => Promise<void>): void {
  let raw: FakeListener;
  let engines: Engines;
  const backend = (): Backend => {
    [raw, engines] = [new FakeListener(), new Engines()];
    const tls = { ...fakeTls([], new FakeTls()), accept: engines.accept };
    return simulation({
      backend: { name: "fake", net: fakeNet({ listener: raw, tls }) },
      patience: PATIENCE,
    });
  };
  createTest({ backend })(title, async () => {
    const listener = await createTcpListener();
    try {
      await fn({ raw, engines, listener, come: () => raw.arrive(new FakeSocket()) });
    } finally {
      await listener.close();
    }
  });
}

interface Served {
  readonly told: unknown[];
  readonly served: unknown[];
}

/** Serves, each connection until the end, while `fn` runs. */
async function serving(
  { listener }: Given,
  options: Partial<TlsListenerOptions<never>> & Pick<ServeOptions<never>, "limit">,
  fn: (seen: Served) => Promise<void>,
): Promise<void> {
  const seen: Served = { told: [], served: [] };
  const { limit, ...rest } = options;
  const tls = new TlsListener(listener, {
    ...PEM,
    ...rest,
    onHandshakeError: (error) => void seen.told.push(error),
  });
  await taskGroup(async (group) => {
    group.spawn(() =>
      tls.serve(
        (stream) => {
          seen.served.push(stream);
          return sleepForever();
        },
        { limit },
      ),
    );
    await sleep(1);
    await fn(seen);
    group.cancel();
  });
}

test("a server makes nothing before the whole first record is there, and gives the engine all of it", (given) =>
  serving(given, {}, async ({ served }) => {
    const { engines } = given;
    const client = given.come();
    await sleep(1);
    for (const part of PARTS) {
      expect(engines.made).toHaveLength(0);
      client.arrive(part);
      await sleep(1);
    }
    expect(engines.made).toHaveLength(1);
    expect(await engines.made[0]!.read(100)).toEqual(RECORD);
    engines.done[0]!();
    await sleep(1);
    expect(served).toHaveLength(1);
  }));

test("what is no record goes to the engine as it is", (given) =>
  serving(given, {}, async () => {
    const client = given.come();
    await sleep(1);
    client.arrive(Uint8Array.of(71));
    await sleep(1);
    expect(await given.engines.made[0]!.read(100)).toEqual(Uint8Array.of(71));
  }));

test("a client that leaves before its first record is an ECONNRESET, and no engine is made", (given) =>
  serving(given, {}, async ({ told }) => {
    const client = given.come();
    await sleep(1);
    client.arrive(PARTS[0]);
    await sleep(1);
    client.arrive(null);
    await sleep(1);
    const [error] = told;
    expect(isError(error, "OSError") && [error.syscall, error.code, error.address]).toEqual([
      "handshake",
      "ECONNRESET",
      "127.0.0.1:7",
    ]);
    expect([client.closed === "no", given.engines.made.length]).toEqual([false, 0]);
  }));

test("handshakeTimeout counts from the accept, for silent clients and for those that spoke", (given) =>
  serving(given, { handshakeTimeout: 100 }, async ({ told }) => {
    const began = currentTime();
    const [silent, spoken] = [given.come(), given.come()];
    await sleep(60);
    spoken.arrive(RECORD);
    while (told.length < 2) await sleep(1);
    expect(currentTime() - began).toBeLessThanOrEqual(102);
    expect(told.map((error) => isError(error, "TimeoutError"))).toEqual([true, true]);
    expect([silent.closed, spoken.closed]).toEqual(["aborted", "aborted"]);
  }));

test("maxSilent: one silent connection too many closes the oldest of them, and no other", (given) =>
  serving(given, { maxSilent: 2 }, async ({ told }) => {
    const clients = [given.come(), given.come()];
    await sleep(1);
    clients[0]!.arrive(RECORD);
    await sleep(1);
    for (let n = 0; n < 3; n++) {
      clients.push(given.come());
      await sleep(1);
    }
    expect(clients.map(({ closed }) => closed)).toEqual(["no", "aborted", "aborted", "no", "no"]);
    expect(told.map(String)).toEqual(
      Array<string>(2).fill(
        "TimeoutError: Cannot start TLS: the client had said nothing when 2 others came after it",
      ),
    );
  }));

for (const [limit, most] of [
  [1, 64],
  [80, 80],
  [Infinity, 1_000],
  [undefined, 1_000],
] as const)
  test(`maxSilent: by default ${String(most)} with a limit of ${String(limit)}`, (given) =>
    serving(given, { limit }, async () => {
      const clients = Array.from({ length: most + 1 }, () => given.come());
      await sleep(1);
      const left = clients.filter(({ closed }) => closed === "no");
      expect([left.length, clients[0]?.closed]).toEqual([most, "aborted"]);
    }));

test("maxHandshakes: only those that have spoken count; the next one waits for its turn, and none is accepted", (given) =>
  serving(given, { maxHandshakes: 1 }, async ({ served, told }) => {
    const { engines, raw } = given;
    const clients = Array.from({ length: 3 }, () => given.come());
    await sleep(1);
    for (const client of clients.slice(1)) client.arrive(RECORD);
    await sleep(1);
    expect(engines.made).toHaveLength(1);
    const late = given.come();
    await sleep(1);
    // One was being waited for when the bound was reached: that is taken, and no other.
    given.come();
    await sleep(1);
    expect(raw.busy).toBe(false);
    engines.done[0]!();
    await sleep(1);
    expect([engines.made.length, served.length]).toEqual([2, 1]);
    engines.done[1]!(new Error("refused"));
    await sleep(1);
    expect([raw.busy, String(told)]).toEqual([true, "Error: refused"]);
    late.arrive(RECORD);
    await sleep(1);
    expect(engines.made).toHaveLength(3);
  }));

test("limit: silent connections do not count: with any number of them whoever speaks is served", (given) =>
  serving(given, { limit: 1, maxSilent: 10 }, async ({ served }) => {
    for (let n = 0; n < 100; n++) given.come();
    await sleep(1);
    const client = given.come();
    await sleep(1);
    client.arrive(RECORD);
    await sleep(1);
    given.engines.done[0]!();
    await sleep(1);
    expect([served.length, client.closed]).toEqual([1, "no"]);
  }));

test("limit: a connection counts from its first record on, until its handler has ended, or its handshake has failed", (given) => {
  const limiter = new CapacityLimiter(1);
  return serving(given, { limit: limiter }, async ({ served }) => {
    const { engines } = given;
    const clients = [given.come(), given.come()];
    await sleep(1);
    expect(limiter.borrowedTokens).toBe(0);
    for (const client of clients) client.arrive(RECORD);
    await sleep(1);
    expect([limiter.borrowedTokens, engines.made.length]).toEqual([1, 1]);
    engines.done[0]!(new Error("refused"));
    await sleep(1);
    expect([limiter.borrowedTokens, engines.made.length]).toEqual([1, 2]);
    engines.done[1]!();
    await sleep(1);
    expect([limiter.borrowedTokens, served.length]).toEqual([1, 1]);
  }).then(() => expect(limiter.borrowedTokens).toBe(0));
});

test("a cancelled serve closes the silent, those that wait for their turn, and those in their handshake", (given) => {
  const clients: FakeSocket[] = [];
  return serving(given, { maxHandshakes: 1 }, async ({ told }) => {
    clients.push(given.come(), given.come(), given.come());
    await sleep(1);
    for (const client of clients.slice(1)) client.arrive(RECORD);
    await sleep(1);
    expect([given.engines.made.length, told.length]).toEqual([1, 0]);
  }).then(() => expect(clients.map(({ closed }) => closed)).toEqual(["aborted", "aborted", "aborted"]));
});

for (const turns of [0, 1, 2, 3, 4, 5, 6, 8, 10, 12])
  test(`a client that leaves ${String(turns)} turns before serve is cancelled is no failure of serve`, async (given) => {
    const tls = new TlsListener(given.listener, PEM);
    const scope = new CancelScope();
    const serving = scope.run(() => tls.serve(() => {}));
    const client = given.come();
    await sleep(1);
    client.arrive(null);
    for (let n = 0; n < turns; n++) await Promise.resolve();
    scope.cancel();
    await serving;
    expect(scope.cancelledCaught).toBe(true);
  });

test("wrapTls: a server that is cancelled before the first record closes the connection, and makes nothing", async (given) => {
  const client = given.come();
  const stream = await given.listener.accept();
  const scope = new CancelScope();
  const wrapping = scope.run(() => wrapTls(stream, { ...PEM, serverSide: true }));
  await sleep(1);
  scope.cancel();
  await wrapping;
  expect([scope.cancelledCaught, client.closed, given.engines.made.length]).toEqual([true, "aborted", 0]);
});

test("bad bounds are a RangeError at once", async ({ listener }) => {
  for (const name of ["maxSilent", "maxHandshakes"])
    for (const bound of [0, -1, 1.5, NaN, "1"])
      expect(() => new TlsListener(listener, { ...PEM, [name]: bound })).toThrow(RangeError);
  expect(() => new TlsListener(listener, { ...PEM, maxSilent: Infinity })).not.toThrow();
});

test("closing it closes silent connections, and tells nobody; handshakes and handlers go on", async (given) => {
  const { engines, listener } = given;
  const [told, served]: unknown[][] = [[], []];
  const tls = new TlsListener(listener, { ...PEM, onHandshakeError: (error) => void told!.push(error) });
  await taskGroup(async (group) => {
    group.spawn(() => tls.serve((stream) => void served!.push(stream)));
    const [silent, speaking] = [given.come(), given.come()];
    await sleep(1);
    speaking.arrive(RECORD);
    await sleep(1);
    await tls.close();
    await sleep(1);
    expect([silent.closed, speaking.closed]).toEqual(["aborted", "no"]);
    engines.done[0]!();
  });
  expect([told, served!.length, currentTime()]).toEqual([[], 1, 3]);
});

test("an onHandshakeError that rejects is the connection's failure, and no unhandled rejection", async (given) => {
  const { listener } = given;
  const tls = new TlsListener(listener, {
    ...PEM,
    handshakeTimeout: 10,
    onHandshakeError: async () => {
      await sleep(1);
      throw new Error("log failed");
    },
  });
  given.come();
  const onError = (error: unknown): never => {
    throw error;
  };
  const error = await tls.serve(() => {}, { onError }).catch((failure: unknown) => failure);
  expect(error).toMatchObject({ name: "TaskGroupError", errors: [{ message: "log failed" }] });
});
