import { run } from "@arborio/core";
import { OSError, type NetBackend, type RawConnectOptions } from "@arborio/core/backend";
import { asConnectable, TcpConnectable, UnixConnectable } from "@arborio/net";
import type { ByteStream, Connectable } from "@arborio/streams";
import { simulation } from "@arborio/testing";
import { expect, test } from "vitest";
import { fakeNet, FakeSocket } from "./fake-net.ts";

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

test("asConnectable: a connectable is itself; a host and a port are a TcpConnectable", () => {
  const connectable: Connectable<ByteStream> = { connect: () => Promise.reject(new Error("not here")) };
  expect(asConnectable(connectable)).toBe(connectable);
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
