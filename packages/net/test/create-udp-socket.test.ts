import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { isCancelled, run } from "@arborio/core";
import type { RawUdpOptions, RawUdpSocket } from "@arborio/core/backend";
import { createConnectedUdpSocket, createUdpSocket, type UdpSocketOptions } from "@arborio/net";
import { createTest, test } from "@arborio/testing/vitest";
import { describe, expect, test as plainly } from "vitest";
import { FakeUdpSocket, udpBackend } from "./fake-datagrams.ts";

test("options are checked first, synchronously", () => {
  const open = (options: unknown) => () => createUdpSocket(options as UdpSocketOptions);
  const bad: [unknown, Error][] = [
    [{ host: "" }, new TypeError('Cannot open a UDP socket: host must be a name or an address, received ""')],
    [
      { port: -1 },
      new RangeError("Cannot open a UDP socket: port must be an integer from 0 to 65535, received -1"),
    ],
    [{ family: 4 }, new TypeError('Cannot open a UDP socket: family must be "ipv4" or "ipv6", received 4')],
    [
      { queueSize: 0 },
      new RangeError("Cannot open a UDP socket: queueSize must be an integer of at least 1, received 0"),
    ],
  ];
  for (const [options, error] of bad) expect(open(options)).toThrow(error);
  expect(() => createConnectedUdpSocket("", 1)).toThrow(TypeError);
  expect(() => createConnectedUdpSocket("h", 0)).toThrow(
    new RangeError("Cannot open a UDP socket: port must be an integer from 1 to 65535, received 0"),
  );
  expect(() => createConnectedUdpSocket("h", 1, { localPort: 1.5 })).toThrow(RangeError);
  expect(() => createConnectedUdpSocket("h", 1, { localHost: "" })).toThrow(TypeError);
});

describe("what a backend lacks is an UnsupportedError, before anything is looked up", () => {
  const lookup = (): never => {
    throw new Error("it looked up");
  };
  const refusing = (net: object, fn: () => Promise<unknown>): Promise<unknown> =>
    run(() => fn(), {
      backend: udpBackend(() => Promise.reject(new Error("it opened")), { lookup, ...net }),
    });

  plainly("UDP", async () => {
    const expected = {
      code: "ERR_UNSUPPORTED",
      message: "Cannot open a UDP socket: backend 'simulation' has no UDP",
    };
    for (const open of [() => createUdpSocket({ host: "h" }), () => createConnectedUdpSocket("h", 1)])
      await expect(refusing({ udp: undefined }, open)).rejects.toMatchObject(expected);
  });

  plainly("sharing a port", async () => {
    const lacks = new Set(["udp-reuse-port"]);
    const open = (): Promise<unknown> => createUdpSocket({ host: "h", reusePort: true });
    await expect(refusing({ lacks }, open)).rejects.toThrow(
      "Cannot open a UDP socket: backend 'simulation' has no udp reuse port",
    );
  });
});

/** Names that are digits of IPv6 addresses, and their IPv4 addresses. */
const HOSTS: Readonly<Record<string, string>> = { a: "10.0.0.1", b: "10.0.0.2", c: "10.0.0.3" };

let opened: FakeUdpSocket;
let asked: RawUdpOptions[] = [];
let settle: (socket: RawUdpSocket) => void = () => {};

const onFake = createTest({
  backend: () => {
    opened = new FakeUdpSocket();
    asked = [];
    return udpBackend(
      (options) => {
        asked.push(options);
        return new Promise((resolve) => (settle = resolve));
      },
      {
        lookup: (host) =>
          Promise.resolve([
            { address: `::${host}`, family: "ipv6" },
            { address: HOSTS[host]!, family: "ipv4" },
          ]),
      },
    );
  },
});

const turns = async (): Promise<void> => {
  for (let i = 0; i < 10; i++) await Promise.resolve();
};

onFake("it is opened with what the options say", async () => {
  const scope = new CancelScope();
  const attempts = scope.run(() =>
    Promise.all([
      createUdpSocket({ host: "a", port: 5, queueSize: 3, reusePort: true }),
      createUdpSocket({ host: "a", family: "ipv4" }),
      createConnectedUdpSocket("b", 7),
      createConnectedUdpSocket("b", 7, { family: "ipv4", localHost: "c", localPort: 5 }),
    ]),
  );
  for (let i = 0; i < 50 && asked.length < 4; i++) await new Promise((resolve) => setTimeout(resolve));
  scope.cancel();
  await attempts;
  const rest = { port: 0, reusePort: false, queueSize: 100 };
  expect(asked).toHaveLength(4);
  expect(asked).toEqual(
    expect.arrayContaining([
      { address: "::a", port: 5, reusePort: true, queueSize: 3 },
      { ...rest, address: "10.0.0.1" },
      { ...rest, address: "::", remote: { address: "::b", family: "ipv6", port: 7 } },
      { ...rest, address: "10.0.0.3", port: 5, remote: { address: "10.0.0.2", family: "ipv4", port: 7 } },
    ]),
  );
});

onFake("C4: a socket that is open for a cancelled call is closed", async () => {
  const scope = new CancelScope();
  const attempt = scope.run(() => createUdpSocket());
  await turns();
  expect(asked).toHaveLength(1);
  scope.cancel();
  await attempt;
  settle(opened);
  await turns();
  expect(opened.closed).toBe(true);
});

onFake("C4: cancelled while a name is looked up, nothing is opened", async () => {
  const scope = new CancelScope();
  const attempt = scope.run(() => createConnectedUdpSocket("b", 1));
  scope.cancel();
  await attempt;
  await turns();
  expect(asked).toEqual([]);
});

onFake("C3: in a cancelled scope nothing is tried", async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    await createUdpSocket();
  });
  expect(asked).toEqual([]);
});

onFake("a floating attempt that is cancelled is no unhandled rejection", async () => {
  let floating: Promise<unknown> | undefined;
  await moveOnAfter(1, async () => {
    floating = createUdpSocket({ host: "a" });
    await createConnectedUdpSocket("a", 1);
  });
  await expect(floating).rejects.toSatisfy(isCancelled);
});
