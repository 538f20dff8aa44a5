import { run } from "@arborio/core";
import type { NetBackend, RawConnectOptions } from "@arborio/core/backend";
import { connectTcp, setResolver, type ConnectTcpOptions } from "@arborio/net";
import { simulation } from "@arborio/testing";
import { expect, test } from "vitest";
import { hostAddress, ScriptedNet } from "./scripted-net.ts";

const refused = { after: 0, code: "ECONNREFUSED" };

/** What is tried, and the error. */
async function tried(
  options: ConnectTcpOptions,
  parts: Partial<NetBackend> = {},
): Promise<[RawConnectOptions[], unknown]> {
  const net = new ScriptedNet({ "::1": refused, "1.1.1.1": refused, "::2": refused }, parts);
  const backend = simulation({ backend: { name: "fake", net: net.backend }, patience: 1 });
  const error = await run(
    async () => {
      setResolver({
        lookup: async (host) =>
          (host === "own" ? ["::7", "7.7.7.7", "::8"] : ["::1", "1.1.1.1", "::2"]).map(hostAddress),
      });
      return connectTcp("host", 80, options).catch((error: unknown) => error);
    },
    { backend },
  );
  return [net.tried, error];
}

test("localHost: each attempt is from its first address of the attempt's family", async () => {
  const [routes] = await tried({ localHost: "own", localPort: 5 });
  expect(routes).toEqual([
    { address: "::1", port: 80, localAddress: "::7", localPort: 5 },
    { address: "1.1.1.1", port: 80, localAddress: "7.7.7.7", localPort: 5 },
    { address: "::2", port: 80, localAddress: "::7", localPort: 5 },
  ]);
});

test("localHost: a numeric one leaves only the attempts of its family", async () => {
  const [routes] = await tried({ localHost: "7.7.7.7" });
  expect(routes.map(({ address, localAddress }) => [address, localAddress])).toEqual([
    ["1.1.1.1", "7.7.7.7"],
  ]);
});

test("localHost: without a family in common it is EADDRNOTAVAIL, and nothing is tried", async () => {
  const lookup = async (): Promise<ReturnType<typeof hostAddress>[]> => ["::1"].map(hostAddress);
  const net = new ScriptedNet({}, { lookup });
  const backend = simulation({ backend: { name: "fake", net: net.backend }, patience: 1 });
  await run(
    () =>
      expect(connectTcp("host", 80, { localHost: "7.7.7.7" })).rejects.toMatchObject({
        code: "EADDRNOTAVAIL",
        message: "Cannot connect host:80: 7.7.7.7 has no address of its family (EADDRNOTAVAIL)",
      }),
    { backend },
  );
  expect(net.tried).toEqual([]);
});

test("localPort: alone it is of any address of this machine", async () => {
  const [routes] = await tried({ localPort: 5 });
  expect(routes[0]).toEqual({ address: "::1", port: 80, localPort: 5 });
});

test("where the backend lacks it, it is an UnsupportedError, before anybody is asked or anything opened", async () => {
  const lacks = new Set(["local-address"] as const);
  for (const options of [{ localHost: "own" }, { localPort: 5 }]) {
    const lookup = (): never => {
      throw new Error("asked");
    };
    const [routes, error] = await tried(options, { lacks, lookup });
    expect(routes).toEqual([]);
    expect(error).toMatchObject({
      code: "ERR_UNSUPPORTED",
      message: "Cannot connect: backend 'simulation' has no local address",
    });
  }
});

test("options are checked first, synchronously", () => {
  const connect = (options: unknown) => () => connectTcp("h", 1, options as ConnectTcpOptions);
  expect(connect({ localHost: "a b" })).toThrow(
    new TypeError('Cannot connect: localHost must be a name or an address, received "a b"'),
  );
  expect(connect({ localPort: 65_536 })).toThrow(
    new RangeError("Cannot connect: localPort must be an integer from 0 to 65535, received 65536"),
  );
  for (const delay of [-1, NaN])
    expect(connect({ happyEyeballsDelay: delay })).toThrow(
      new RangeError(
        `Cannot connect: happyEyeballsDelay must be a number of ms from 0 on, received ${String(delay)}`,
      ),
    );
  expect(connect({ happyEyeballsDelay: "250" })).toThrow(TypeError);
});
