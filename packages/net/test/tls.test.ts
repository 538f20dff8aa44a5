import { CancelScope } from "@arborio/cancellation";
import { checkpoint, currentTime } from "@arborio/core";
import type { RawStream, TlsBackend } from "@arborio/core/backend";
import {
  connectTcp,
  createTlsListener,
  TlsAttribute,
  TlsConnectable,
  TlsListener,
  wrapTls,
  type TlsStream,
} from "@arborio/net";
import { createMemoryByteStreams, extra } from "@arborio/streams";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { expect } from "vitest";
import { fakeNet, FakeSocket, FakeTls, fakeTls } from "./fake-net.ts";

const CERTIFICATE = "-----BEGIN CERTIFICATE-----";
const KEY = "-----BEGIN PRIVATE KEY-----";

let raw: FakeTls;
let below: FakeSocket;
let connected = 0;

const withTls = createTest({
  backend: () => {
    [raw, below, connected] = [new FakeTls(), new FakeSocket(), 0];
    const features = ["client-certificate", "unverified", "session", "versions"] as const;
    const net = fakeNet({ connectTcp: async () => (connected++, below), tls: fakeTls(features, raw) });
    return simulation({ backend: { name: "fake", net }, patience: 20 });
  },
});
const test = withTls;

const without = createTest({
  backend: () =>
    simulation({ backend: { name: "fake", net: fakeNet({ connectTcp: async () => new FakeSocket() }) } }),
});

const connect = (options = {}): Promise<TlsStream> => connectTcp("h", 1, { tls: options });

without("a backend without TLS is an UnsupportedError, and the stream stays open", async () => {
  const [one, other] = createMemoryByteStreams();
  await expect(wrapTls(one, { serverName: "h" })).rejects.toMatchObject({
    code: "ERR_UNSUPPORTED",
    message: "Cannot start TLS: backend 'simulation' has no TLS",
  });
  await one.send(new Uint8Array(1));
  expect(await other.receive()).toHaveLength(1);
  await expect(createTlsListener({ certificate: CERTIFICATE, key: KEY })).rejects.toMatchObject({
    message: "Cannot listen: backend 'simulation' has no TLS",
  });
});

without("connecting with TLS where there is none leaves no connection open", async () => {
  await expect(connectTcp("h", 1, { tls: true })).rejects.toMatchObject({ code: "ERR_UNSUPPORTED" });
});

const lacked: [string, object][] = [
  ["certificates of TLS clients", { certificate: CERTIFICATE, key: KEY }],
  ["TLS without verification", { verify: false }],
  ["TLS sessions to resume", { session: new Uint8Array(1) }],
  ["choice of TLS versions", { minVersion: "TLSv1.3" }],
];
for (const [what, options] of lacked) {
  test(`what a backend lacks is an UnsupportedError that names it: ${what}`, async () => {
    await expect(connect(options)).rejects.toThrow(`Cannot start TLS: backend 'simulation' has no ${what}`);
    expect([connected, below.closed], "connected").toEqual([0, "no"]);
  });
}

test("bad options are errors at once", () => {
  const cases: [object, string][] = [
    [{ serverName: "" }, 'Cannot start TLS: serverName must be a name or an address, received ""'],
    ...["ü/x", "ü x", "a@ü", "ü?", "\u{fffd}"].map((name): [object, string] => [
      { serverName: name },
      `Cannot start TLS: serverName must be a name or an address, received ${JSON.stringify(name)}`,
    ]),
    [{ ca: "x" }, "Cannot start TLS: ca must be PEM, received text that is none"],
    [{ ca: [CERTIFICATE, 1] }, "Cannot start TLS: ca must be PEM, received number"],
    [{ certificate: CERTIFICATE }, "Cannot start TLS: certificate and key must be given together"],
    [
      { certificate: CERTIFICATE, key: "secret" },
      "Cannot start TLS: key must be PEM, received text that is none",
    ],
    [
      { minVersion: "TLSv1" },
      'Cannot start TLS: minVersion must be "TLSv1.2" or "TLSv1.3", received "TLSv1"',
    ],
    [{ alpn: [] }, "Cannot start TLS: alpn must be names of 1 to 255 bytes, received []"],
    [{ alpn: "h2" }, "Cannot start TLS: alpn must be a list of names, received string"],
    [{ alpn: null }, "Cannot start TLS: alpn must be a list of names, received null"],
    [{ alpn: ["h2", ""] }, 'Cannot start TLS: alpn must be names of 1 to 255 bytes, received ""'],
    [{ alpn: ["h2", 5] }, "Cannot start TLS: alpn must be names of 1 to 255 bytes, received 5"],
    [
      { alpn: ["é".repeat(128)] },
      `Cannot start TLS: alpn must be names of 1 to 255 bytes, received "${"é".repeat(50)}…${"é".repeat(49)}"`,
    ],
    [{ session: "text" }, "Cannot start TLS: it takes a Uint8Array, received string"],
  ];
  for (const [options, message] of cases) {
    expect(() => connect(options), message).toThrow(new TypeError(message));
  }
  // RFC 7301: two bytes tell the length of all names.
  expect(() => connect({ alpn: Array.from({ length: 256 }, () => "x".repeat(255)) })).toThrow(RangeError);
  expect(() => wrapTls(undefined as never, { serverName: "h" })).toThrow(
    new TypeError("Cannot start TLS: it takes a byte stream, received undefined"),
  );
  expect(() => new TlsListener("x" as never, { certificate: CERTIFICATE, key: KEY })).toThrow(
    new TypeError("Cannot listen: it takes a listener, received string"),
  );
  expect(() => connectTcp("h", 1, { tls: 5 as never })).toThrow(
    new TypeError("Cannot connect: tls must be true or options, received 5"),
  );
  expect(() => createTlsListener(undefined as never)).toThrow(
    new TypeError("Cannot start TLS: it takes options, received undefined"),
  );
  expect(() => new TlsConnectable({} as never, { serverName: "h" })).toThrow(
    new TypeError("Cannot connect: it takes a connectable, received object"),
  );
});

test("what TLS knows, and what is below it knows, is there by attribute", async () => {
  const stream = await connect();
  expect(extra(stream, TlsAttribute.alpnProtocol)).toBe("h2");
  expect(extra(stream, TlsAttribute.serverSide)).toBe(false);
  expect(extra(stream, TlsAttribute.standardCompatible)).toBe(true);
  expect(extra(stream, TlsAttribute.sharedCiphers)).toBeUndefined();
  await stream.close();
});

test("close says close_notify, and not if standardCompatible is false, the stream was broken off, or it was closed", async () => {
  const orderly = await connect();
  await orderly.close();
  await orderly.close();
  expect([raw.said, raw.closed]).toEqual([1, "closed"]);

  const lax = await connect({ standardCompatible: false });
  await lax.close();
  const forceful = await connect();
  forceful.closeForcefully();
  await forceful.close();
  expect(raw.said).toBe(1);

  const cut = await connect();
  raw.write = () => new Promise(() => {});
  const scope = new CancelScope();
  const sending = scope.run(() => cut.send(new Uint8Array(1)));
  scope.cancel();
  await sending;
  await cut.close();
  expect(raw.said).toBe(1);
});

test("M5: close in a cancelled scope releases, and says nothing", async () => {
  const stream = await connect();
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    await stream.close();
  });
  expect([scope.cancelledCaught, raw.said, raw.closed]).toEqual([true, 0, "closed"]);
});

test("M5: close waits a second for its close_notify to be taken, no more", async () => {
  const stream = await connect();
  raw.taken = new Promise(() => {});
  const began = currentTime();
  await stream.close();
  expect([currentTime() - began, raw.closed]).toEqual([1_000, "closed"]);
});

test("M5: close that is cancelled meanwhile releases", async () => {
  const stream = await connect();
  raw.taken = new Promise(() => {});
  const scope = new CancelScope();
  const closing = scope.run(() => stream.close());
  scope.cancel();
  await closing;
  expect([scope.cancelledCaught, raw.closed]).toEqual([true, "closed"]);
});

test("M5: closing a connection that is broken is no error", async () => {
  const stream = await connect();
  raw.taken = Promise.reject(new Error("broken"));
  await stream.close();
  expect(raw.closed).toBe("closed");
});

test("explicit: with a signal, a cancelled handshake ends and leaves nothing open", async () => {
  const scope = new CancelScope();
  scope.cancel();
  await scope.run(() => connectTcp("h", 1, { tls: true, signal: scope.signal }));
  expect(scope.cancelledCaught).toBe(true);
});

const names: [string, string][] = [
  ["faß.de", "xn--fa-hia.de"],
  ["Bücher.example", "xn--bcher-kva.example"],
  ["例え.テスト", "xn--r8jz45g.xn--zckzah"],
  ["fass.de", "fass.de"],
  ["localhost.", "localhost"],
  ["::1", "::1"],
];
for (const [name, ascii] of names) {
  test(`a host's name goes to TLS in ASCII, by UTS 46: ${name} as ${ascii}`, async () => {
    const stream = await connectTcp(name, 1, { tls: true });
    expect(raw.asked).toBe(ascii);
    await stream.close();
  });
}

test("C5: a handshake that succeeds for a wait that was cancelled is closed", async () => {
  let succeed = (): void => {};
  raw.shaken = new Promise((resolve) => (succeed = resolve));
  const scope = new CancelScope();
  const connecting = scope.run(() => connect());
  while (raw.asked === "") await checkpoint();
  succeed();
  scope.cancel();
  await connecting;
  for (let turn = 0; turn < 5; turn++) await checkpoint();
  expect([scope.cancelledCaught, raw.closed]).toEqual([true, "aborted"]);
});

const wrapping = createTest({
  backend: () => {
    [raw, below] = [new FakeTls(), new FakeSocket()];
    const wrap: TlsBackend["wrap"] = async (transport) => {
      transports.push(transport);
      return raw;
    };
    const tls = { ...fakeTls([], raw), wrap };
    const net = fakeNet({ connectTcp: async () => below, tls });
    return simulation({ backend: { name: "fake", net }, patience: 20 });
  },
});
let transports: RawStream[] = [];

wrapping("M6: what was read for a cancelled receive comes first, in parts; then the connection", async () => {
  transports = [];
  const stream = await connectTcp("h", 1);
  const scope = new CancelScope();
  const receiving = scope.run(() => stream.receive());
  scope.cancel();
  await receiving;
  below.arrive(Uint8Array.of(1, 2, 3));
  await checkpoint();
  const tls = await wrapTls(stream, { serverName: "h" });
  const [transport] = transports;
  expect(await transport!.read(2)).toEqual(Uint8Array.of(1, 2));
  expect(await transport!.read(2)).toEqual(Uint8Array.of(3));
  const next = transport!.read(2);
  await checkpoint();
  below.arrive(Uint8Array.of(4));
  expect(await next).toEqual(Uint8Array.of(4));
  tls.closeForcefully();
});

wrapping("unwrap gives what TLS did not read of what was read before it", async () => {
  transports = [];
  const stream = await connectTcp("h", 1);
  const scope = new CancelScope();
  const receiving = scope.run(() => stream.receive());
  scope.cancel();
  await receiving;
  below.arrive(Uint8Array.of(1, 2, 3));
  await checkpoint();
  const tls = await wrapTls(stream, { serverName: "h" });
  await transports[0]!.read(1);
  Object.assign(raw, { unwrap: async () => Uint8Array.of(9) });
  const [plain, leftover] = await tls.unwrap();
  expect(leftover).toEqual(Uint8Array.of(9, 2, 3));
  await plain.close();
  expect(below.closed).toBe("closed");
});
