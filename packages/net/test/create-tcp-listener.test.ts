import { moveOnAfter } from "@arborio/cancellation";
import { isError, sleepForever, TypedAttributeLookupError } from "@arborio/core";
import {
  OSError,
  type HostAddress,
  type NetBackend,
  type NetFeature,
  type RawListenOptions,
} from "@arborio/core/backend";
import {
  adoptTcpListener,
  createTcpListener,
  SocketAttribute,
  type TcpListener,
  type TcpListenerOptions,
} from "@arborio/net";
import { extra, typedAttribute } from "@arborio/streams";
import { cancelAtEveryPoint, deadlineAtEveryLook, simulate, simulation } from "@arborio/testing";
import { test as simulated } from "@arborio/testing/vitest";
import { expect, test } from "vitest";
import { errorOf } from "../../testing/test/outcome.ts";
import { FakeListener } from "./fake-listener.ts";
import { fakeNet } from "./fake-net.ts";

const V4: HostAddress = { address: "127.0.0.1", family: "ipv4" };
const V6: HostAddress = { address: "::1", family: "ipv6" };

/** A machine: what its resolver says, what of it is not there, and which ports are in use, by address. */
class Machine {
  names: readonly HostAddress[] = [V6, V4];
  readonly absent: Map<string, string> = new Map();
  readonly inUse: Map<string, number[]> = new Map();
  readonly asked: RawListenOptions[] = [];
  readonly listening: FakeListener[] = [];
  readonly net: NetBackend;
  /** A port that one address was given is in use at any other. */
  collides = false;
  /** Listening at that address takes until it is released. */
  stuck: string | undefined;
  release: () => void = () => {};
  private nextPort = 5_000;

  constructor(...lacks: NetFeature[]) {
    this.net = {
      ...fakeNet({}),
      lacks: new Set(lacks),
      lookup: async () => this.names,
      listenTcp: (options) => this.listen(options),
      adoptListener: (raw) => raw as FakeListener,
    };
  }

  /** What was listened at, as `::1 5000`, `:: 80 alone`. */
  get places(): string[] {
    return this.asked.map(
      ({ address, port, ipv6Only }) => `${address} ${String(port)}${ipv6Only === true ? " alone" : ""}`,
    );
  }

  get open(): string[] {
    return this.listening
      .filter(({ closed }) => !closed)
      .map(({ localAddress: { address, port } }) => `${address} ${String(port)}`);
  }

  create(options: TcpListenerOptions = {}): Promise<TcpListener> {
    return createTcpListener({ host: "localhost", ...options });
  }

  async run<T>(fn: () => Promise<T>): Promise<T> {
    return simulate(fn, { backend: { name: "fake", net: this.net }, patience: 5 });
  }

  private async listen(options: RawListenOptions): Promise<FakeListener> {
    const { address } = options;
    this.asked.push(options);
    const missing = this.absent.get(address);
    if (missing !== undefined) throw new OSError({ code: missing, syscall: "listen", address });
    if (this.stuck === address) await new Promise<void>((resolve) => (this.release = resolve));
    const port = options.port === 0 ? this.nextPort++ : options.port;
    const taken = (this.collides && options.port !== 0) || this.inUse.get(address)?.includes(port) === true;
    if (taken)
      throw new OSError({ code: "EADDRINUSE", syscall: "listen", address: `${address}:${String(port)}` });
    const family = address.includes(":") ? "ipv6" : "ipv4";
    const listener = new FakeListener({ address, port, family });
    this.listening.push(listener);
    return listener;
  }
}

test("options are checked first, synchronously", () => {
  const listen = (options: unknown) => () => createTcpListener(options as TcpListenerOptions);
  expect(listen({ host: 5 })).toThrow(
    new TypeError("Cannot listen: host must be a name or an address, received 5"),
  );
  expect(listen({ port: 65_536 })).toThrow(
    new RangeError("Cannot listen: port must be an integer from 0 to 65535, received 65536"),
  );
  expect(listen({ backlog: 0 })).toThrow(
    new RangeError("Cannot listen: backlog must be an integer of at least 1, received 0"),
  );
  expect(listen({ family: 4 })).toThrow(
    new TypeError('Cannot listen: family must be "ipv4" or "ipv6", received 4'),
  );
  for (const flag of ["reusePort", "ipv6Only"])
    expect(listen({ [flag]: 1 })).toThrow(
      new TypeError(`Cannot listen: ${flag} must be true or false, received 1`),
    );
});

simulated("without a network it is an UnsupportedError that names the backend", async () => {
  const nothing = "backend 'simulation' has no net";
  await expect(createTcpListener()).rejects.toThrow(`Cannot listen: ${nothing}`);
  expect(() => adoptTcpListener({})).toThrow(`Cannot adopt the listener: ${nothing}`);
});

test("a name is listened at at each of its addresses, on one port", async () => {
  const machine = new Machine();
  machine.names = [V6, V4, V6];
  const listener = await machine.run(() => machine.create({ backlog: 9 }));
  expect(machine.places).toEqual(["::1 0 alone", "127.0.0.1 5000"]);
  expect(machine.asked.map(({ backlog, reusePort }) => [backlog, reusePort])).toEqual([
    [9, false],
    [9, false],
  ]);
  expect(listener.localAddress).toEqual({ address: "::1", port: 5_000, family: "ipv6" });
  expect(listener.listeners.map(({ localAddress }) => localAddress.address)).toEqual(["::1", "127.0.0.1"]);
});

test("an address has one socket, and its listener is its own", async () => {
  const machine = new Machine();
  machine.names = [V4];
  const listener = await machine.run(() => machine.create({ port: 80 }));
  expect(machine.places).toEqual(["127.0.0.1 80"]);
  expect(listener.listeners).toEqual([listener]);
});

test("a link-local address is passed on, and told, with its scope", async () => {
  const machine = new Machine();
  const address = "fe80::1%eth0";
  machine.names = [{ address, family: "ipv6" }];
  const listener = await machine.run(() => machine.create({ host: address }));
  expect([machine.places, listener.localAddress.address]).toEqual([[`${address} 0`], address]);
});

test.each<[TcpListenerOptions, NetFeature[], string[]]>([
  [{}, [], [":: 80"]],
  [{ family: "ipv4" }, [], ["0.0.0.0 80"]],
  [{ family: "ipv6" }, [], [":: 80 alone"]],
  [{ ipv6Only: true }, [], [":: 80 alone", "0.0.0.0 80"]],
  [{}, ["ipv6-only"], [":: 80"]],
  [{}, ["dual-stack"], [":: 80", "0.0.0.0 80"]],
  [{ family: "ipv6" }, ["dual-stack", "ipv6-only"], [":: 80"]],
])("every interface, %j, lacking %j: listens at %j", async (options, lacks, places) => {
  const machine = new Machine(...lacks);
  await machine.run(() => machine.create({ host: null, port: 80, ...options }));
  expect(machine.places).toEqual(places);
  expect(machine.open).toHaveLength(places.length);
});

test.each<[string, TcpListenerOptions, NetFeature]>([
  ["reuse port", { reusePort: true }, "reuse-port"],
  ["ipv6 only", { ipv6Only: true }, "ipv6-only"],
  ["ipv6 only", { host: null, family: "ipv6" }, "ipv6-only"],
])("a backend that has no %s says so: %j", async (what, options, lacks) => {
  const machine = new Machine(lacks);
  const error = await machine.run(() => errorOf(machine.create(options)));
  expect(isError(error, "UnsupportedError") && error.message).toBe(
    `Cannot listen: backend 'simulation' has no ${what}`,
  );
  expect(machine.asked).toEqual([]);
});

test.each(["EADDRNOTAVAIL", "EAFNOSUPPORT"])("a machine without IPv6 (%s) listens on IPv4", async (code) => {
  const machine = new Machine();
  for (const address of ["::", "::1"]) machine.absent.set(address, code);
  await machine.run(() => machine.create());
  await machine.run(() => machine.create({ host: null, port: 80 }));
  expect(machine.open).toEqual(["127.0.0.1 5000", "0.0.0.0 80"]);
});

test("an address that is not this machine's is told", async () => {
  const machine = new Machine();
  machine.absent.set("127.0.0.1", "EADDRNOTAVAIL");
  expect(await machine.run(() => errorOf(machine.create()))).toMatchObject({
    code: "EADDRNOTAVAIL",
    address: "127.0.0.1",
  });
  expect([machine.listening.length, machine.open]).toEqual([1, []]);
  machine.names = [V6];
  machine.absent.set("::1", "EADDRNOTAVAIL");
  expect(await machine.run(() => errorOf(machine.create()))).toMatchObject({
    code: "EADDRNOTAVAIL",
    address: "::1",
  });
});

test("a name without an address of the family is ENOTFOUND", async () => {
  const machine = new Machine();
  machine.names = [V4];
  const error = await machine.run(() => errorOf(machine.create({ family: "ipv6" })));
  expect(error).toMatchObject({ code: "ENOTFOUND", syscall: "getaddrinfo", address: "localhost" });
});

test("where the chosen port is in use at a later address, the next attempt begins with that", async () => {
  const machine = new Machine();
  machine.inUse.set("127.0.0.1", [5_000]);
  const { localAddress, listeners } = await machine.run(() => machine.create());
  expect(machine.places).toEqual(["::1 0 alone", "127.0.0.1 5000", "127.0.0.1 0", "::1 5001 alone"]);
  expect(machine.open.sort()).toEqual(["127.0.0.1 5001", "::1 5001"]);
  // In the order of the name's addresses all the same.
  expect([localAddress.address, listeners.length]).toEqual(["::1", 2]);
});

test("attempts are bounded; then it is an OSError with what each met", async () => {
  const machine = new Machine();
  machine.collides = true;
  const error = await machine.run(() => errorOf(machine.create()));
  expect(error).toMatchObject({ code: "EADDRINUSE", syscall: "listen" });
  expect((error as Error).message).toBe(
    "Cannot listen ::1, 127.0.0.1: could not create 2 listeners with a consistent port (EADDRINUSE)",
  );
  expect(((error as Error).cause as AggregateError).errors).toHaveLength(10);
  expect([machine.asked.length, machine.open]).toEqual([20, []]);
});

test("a port of one's own that is in use is told at once, and nothing listens", async () => {
  const machine = new Machine();
  machine.inUse.set("127.0.0.1", [80]);
  const error = await machine.run(() => errorOf(machine.create({ port: 80 })));
  expect(error).toMatchObject({ code: "EADDRINUSE", address: "127.0.0.1:80" });
  expect([machine.asked.length, machine.open]).toEqual([2, []]);
});

test("C4: cancelled, nothing listens, nor what listens too late", async () => {
  const machine = new Machine();
  machine.stuck = "127.0.0.1";
  await machine.run(async () => {
    await moveOnAfter(5, () => Promise.all([machine.create(), sleepForever()]));
  });
  machine.release();
  await new Promise((resolve) => setImmediate(resolve));
  expect([machine.listening.length, machine.open]).toEqual([2, []]);
});

test("C4: cancelled at any point, nothing listens", async () => {
  const machine = new Machine();
  machine.inUse.set("127.0.0.1", [5_000]);
  const program = async (): Promise<void> => {
    await using listener = await machine.create();
    await listener.accept();
  };
  const options = { backend: { name: "fake", net: machine.net }, patience: 1 };
  const listens = async (): Promise<void> => {
    await moveOnAfter(10, program);
    expect(machine.open).toEqual([]);
  };
  await cancelAtEveryPoint(listens, options);
  expect(await deadlineAtEveryLook(listens, { backend: () => simulation(options) })).toBeGreaterThan(5);
});

test("attributes tell where it listens; what it has no peer for is not there", async () => {
  const machine = new Machine();
  const both = await machine.run(() => machine.create());
  const [v6, v4] = both.listeners;
  expect(extra(v4!, SocketAttribute.localAddress)).toEqual({ ...V4, port: 5_000 });
  expect(extra(v6!, SocketAttribute.family)).toBe("ipv6");
  expect(extra(v4!, SocketAttribute.localPort)).toBe(5_000);
  expect(extra(v4!, SocketAttribute.rawSocket)).toBe(machine.listening[1]);
  expect(extra(both, SocketAttribute.localPort)).toBe(5_000);
  expect(() => extra(both, typedAttribute("remoteAddress"))).toThrow(TypedAttributeLookupError);
});

test("an adopted listener is one", async () => {
  const machine = new Machine();
  const raw = new FakeListener({ ...V4, port: 80 });
  await machine.run(async () => {
    await using listener = adoptTcpListener(raw);
    expect(listener.localAddress.port).toBe(80);
    expect(extra(listener, SocketAttribute.rawSocket)).toBe(raw);
  });
  expect(raw.closed).toBe(true);
});
