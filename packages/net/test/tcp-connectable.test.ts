import { run } from "@arborio/core";
import {
  OSError,
  type NetBackend,
  type RawConnectOptions,
  type RawTlsClientOptions,
} from "@arborio/core/backend";
import { asConnectable, TcpConnectable, TlsConnectable, UnixConnectable } from "@arborio/net";
import type { ByteStream, Connectable } from "@arborio/streams";
import { simulation } from "@arborio/testing";
import { expect, test } from "vitest";
import { fakeNet, FakeSocket, FakeTls } from "./fake-net.ts";

const within = (connectTcp: NetBackend["connectTcp"], fn: () => Promise<void>): Promise<void> =>
  run(fn, { backend: simulation({ backend: { name: "fake", net: fakeNet({ connectTcp }) }, patience: 1 }) });

test("TcpConnectable: its arguments are checked when it is made", () => {
  for (const port of [0, -1, 65_536, 1.5, NaN, "80" as never])
    expect(() => new TcpConnectable("h", port), String(port)).toThrow(RangeError);
  expect(() => new TcpConnectable("a b", 1)).toThrow(TypeError);
  expect(() => new TcpConnectable("h", 1, { localPort: -1 })).toThrow(
    new RangeError("Cannot connect: localPort must be an integer from 0 to 65535, received -1"),
  );
});

test("TcpConnectable: it connects as connectTcp does, with its options, again and again", async () => {
  const tried: RawConnectOptions[] = [];
  const connectTcp = async (where: RawConnectOptions): Promise<FakeSocket> => (
    tried.push(where),
    new FakeSocket()
  );
  await within(connectTcp, async () => {
    const connectable = new TcpConnectable("::1", 80, { localPort: 7 });
    expect([connectable.host, connectable.port]).toEqual(["::1", 80]);
    for (let i = 0; i < 2; i++) await (await connectable.connect()).close();
  });
  expect(tried).toEqual(Array.from({ length: 2 }, () => ({ address: "::1", port: 80, localPort: 7 })));
});

test("TcpConnectable: an OSError becomes the cause of a ConnectionFailed; other errors stay as they are", async () => {
  const refused = new OSError({ code: "ECONNREFUSED", syscall: "connect", address: "[::1]:80" });
  const failures: unknown[] = [refused, new TypeError("a mistake")];
  await within(
    () => Promise.reject(failures.shift()),
    async () => {
      await expect(new TcpConnectable("::1", 80).connect()).rejects.toMatchObject({
        code: "ERR_CONNECTION_FAILED",
        message: "Cannot connect [::1]:80: connection refused (ECONNREFUSED)",
        cause: refused,
      });
      await expect(new TcpConnectable("::1", 80).connect()).rejects.toEqual(new TypeError("a mistake"));
      await expect(new TcpConnectable("::1", 80).connect({ signal: AbortSignal.abort("no") })).rejects.toBe(
        "no",
      );
    },
  );
});

const elsewhere: Connectable<ByteStream> = { connect: () => Promise.reject(new Error("not here")) };

test("asConnectable: a connectable is itself; a host and a port are a TcpConnectable, a path a UnixConnectable", () => {
  expect(asConnectable(elsewhere)).toBe(elsewhere);
  expect(asConnectable(elsewhere, {})).toBe(elsewhere);
  const tcp = asConnectable(["localhost", 80]);
  expect(tcp).toBeInstanceOf(TcpConnectable);
  expect(tcp).toMatchObject({ host: "localhost", port: 80 });
  const unix = asConnectable("/run/socket");
  expect(unix).toBeInstanceOf(UnixConnectable);
  expect(unix).toMatchObject({ path: "/run/socket" });
});

test("asConnectable: anything else is a TypeError, and a bad port a RangeError", () => {
  for (const wrong of [undefined, null, 5, {}, [], ["h"], ["h", 1, 2], { connect: 5 }])
    expect(() => asConnectable(wrong as never)).toThrow(TypeError);
  expect(() => asConnectable([5, 80] as never)).toThrow(TypeError);
  expect(() => asConnectable(["h", 0])).toThrow(RangeError);
  expect(() => asConnectable(5 as never)).toThrow(
    new TypeError("Cannot connect: it takes [host, port], a path or a connectable, received 5"),
  );
});

/** Connects once with each, and gives what the backend was asked to speak TLS by. */
async function asked(...connectables: readonly Connectable<ByteStream>[]): Promise<RawTlsClientOptions[]> {
  const options: RawTlsClientOptions[] = [];
  const tls = {
    lacks: new Set<never>(),
    connect: async (_: unknown, given: RawTlsClientOptions) => (options.push(given), new FakeTls()),
  };
  const connectTcp = async (): Promise<FakeSocket> => new FakeSocket();
  const backend = { name: "fake", net: fakeNet({ connectTcp, tls }) };
  await run(
    async () => {
      for (const connectable of connectables) await (await connectable.connect()).close();
    },
    { backend: simulation({ backend, patience: 1 }) },
  );
  return options;
}

test("asConnectable: with tls it speaks TLS by these options; the server's name is the host, if none is given", async () => {
  const ca = "-----BEGIN CERTIFICATE-----";
  const host = ["fa\u{df}.de", 443] as const;
  const tls: TlsConnectable = asConnectable(host, { tls: true });
  expect(tls).toBeInstanceOf(TlsConnectable);
  const options = await asked(
    tls,
    asConnectable(host, { tls: { alpn: ["h2"], ca } }),
    asConnectable(host, { tls: { serverName: "other.test", verify: false } }),
    asConnectable(new TcpConnectable("h", 1), { tls: { serverName: "given.test" } }),
  );
  expect(options).toMatchObject([
    { serverName: "xn--fa-hia.de", verify: true, ca: undefined, alpn: undefined },
    { serverName: "xn--fa-hia.de", verify: true, ca: [ca], alpn: ["h2"] },
    { serverName: "other.test", verify: false },
    { serverName: "given.test" },
  ]);
});

test("asConnectable: where there is no host, tls without a serverName is a TypeError at once; so are bad options", () => {
  const unnamed = new TypeError("Cannot connect: TLS without a host needs a serverName, received undefined");
  for (const remote of ["/run/socket", elsewhere, new TcpConnectable("h", 1)]) {
    expect(() => asConnectable(remote, { tls: true })).toThrow(unnamed);
    expect(() => asConnectable(remote, { tls: {} })).toThrow(unnamed);
    expect(asConnectable(remote, { tls: { serverName: "h" } })).toBeInstanceOf(TlsConnectable);
  }
  for (const tls of [false, null, "h", 1])
    expect(() => asConnectable(["h", 1], { tls: tls as never })).toThrow(
      new TypeError(`Cannot connect: tls must be true or options, received ${JSON.stringify(tls)}`),
    );
  expect(() => asConnectable(["h", 1], { tls: { ca: "x" } })).toThrow("ca must be PEM");
  expect(() => asConnectable(["h", 1], { tls: { serverName: "" } })).toThrow("serverName must be a name");
  expect(() => asConnectable(5 as never, { tls: true })).toThrow("it takes [host, port], a path");
});
