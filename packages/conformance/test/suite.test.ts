import { webBackend } from "@arborio/backend-alt/web";
import { nodeBackend } from "@arborio/backend-node";
import { suite } from "@arborio/conformance";
import type {
  Backend,
  Clock,
  FsBackend,
  NetBackend,
  RawListener,
  RawListenOptions,
  RawTcpSocket,
} from "@arborio/core/backend";
import { rm } from "node:fs/promises";
import { afterAll, expect, test } from "vitest";

type Registered = Map<string, () => Promise<void>>;

function registered(backend: Backend): Registered {
  const tests: Registered = new Map();
  suite({ test: (name, fn) => tests.set(name, fn), backend: () => backend });
  return tests;
}

/** The names of the tests that fail, without the backend's. */
async function failures(backend: Backend, pattern: RegExp): Promise<string[]> {
  const failed: string[] = [];
  for (const [name, fn] of registered(backend)) {
    if (!pattern.test(name)) continue;
    await fn().catch(() => failed.push(name.slice(backend.name.length + 2)));
  }
  return failed;
}

const folders: string[] = [];

/** A backend whose temporary directories are removed in the end, also by one that cannot. */
function tidy(backend: Backend): Backend {
  const fs = backend.fs as FsBackend;
  const makeTemporaryDirectory: FsBackend["makeTemporaryDirectory"] = async (options) => {
    const folder = await fs.makeTemporaryDirectory(options);
    folders.push(folder);
    return folder;
  };
  return { ...backend, fs: { ...fs, makeTemporaryDirectory } };
}

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

test("titles are unique, and begin with the backend's name", () => {
  const titles: string[] = [];
  suite({ test: (name) => titles.push(name), backend: nodeBackend });
  expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
  expect(titles.every((title) => title.startsWith("node: "))).toBe(true);
});

test("absence: what a backend leaves out is tested to say so", () => {
  const names = [...registered(webBackend()).keys()];
  expect(names.filter((name) => name.includes("absence")).length).toBeGreaterThan(10);
  expect(names.some((name) => /sockets|files|signals/.test(name))).toBe(false);
  expect([...registered(nodeBackend()).keys()].some((name) => name.includes("absence"))).toBe(false);
});

// Each wraps a good backend so that one thing is wrong; the suite must find it.
const node = tidy(nodeBackend());
const clock = node.clock as Clock;
const net = node.net as NetBackend;
const fs = node.fs as FsBackend;

const faults: readonly (readonly [string, Backend, RegExp])[] = [
  ["a clock that goes back", { ...node, clock: { ...clock, now: () => -performance.now() } }, /clock: now/],
  [
    "a clock that rings in arm",
    { ...node, clock: { ...clock, arm: (_, wake) => wake() } },
    /clock: the alarm/,
  ],
  [
    "a hop that is a microtask",
    { ...node, scheduler: { hop: (wake) => queueMicrotask(wake) } },
    /scheduler: a hop comes/,
  ],
  [
    "sockets that read what they want",
    { ...node, net: { ...net, listenTcp: greedy } },
    /sockets: a read gives at most/,
  ],
  [
    "a connect that does not look at its signal",
    { ...node, net: { ...net, connectTcp: (where) => net.connectTcp(where, new AbortController().signal) } },
    /sockets: an aborted signal/,
  ],
  [
    "names whose families are mixed up",
    {
      ...node,
      net: {
        ...net,
        lookup: async (host) => (await net.lookup(host)).map((one) => ({ ...one, family: "ipv6" })),
      },
    },
    /names: the system knows|getAddressInfo: the system/,
  ],
  [
    "connections from anywhere",
    {
      ...node,
      net: {
        ...net,
        connectTcp: ({ address, port }, signal) => net.connectTcp({ address, port }, signal),
      },
    },
    /sockets: a connection from/,
  ],
  [
    "sockets that adopt anything",
    { ...node, net: { ...net, adoptSocket: (socket) => socket as RawTcpSocket } },
    /cannot be adopted|no connected socket is a TypeError/,
  ],
  [
    "a host's errors as they are",
    {
      ...node,
      fs: { ...fs, stat: () => Promise.reject(Object.assign(new Error("no"), { code: "ENOENT" })) },
    },
    /files: stat of 'missing'/,
  ],
  [
    "a remove that removes nothing",
    { ...node, fs: { ...fs, remove: async () => {} } },
    /files: remove takes/,
  ],
  ["signals that take any name", { ...node, signals: { listen: () => () => {} } }, /signals: one that/],
];

async function greedy(options: RawListenOptions): Promise<RawListener> {
  const listener = await net.listenTcp(options);
  const accept = async (): Promise<RawTcpSocket> => {
    const socket = await listener.accept();
    const greedily = { read: () => socket.read(65_536) };
    return new Proxy(socket, {
      get: (_, name) => Reflect.get(name === "read" ? greedily : socket, name) as unknown,
    });
  };
  return { localAddress: listener.localAddress, handle: undefined, accept, close: () => listener.close() };
}

for (const [name, backend, pattern] of faults) {
  test(`it finds ${name}`, async () => {
    expect(await failures(node, pattern)).toEqual([]);
    expect(await failures(backend, pattern)).not.toEqual([]);
  });
}
