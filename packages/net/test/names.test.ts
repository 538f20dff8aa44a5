import { CancelScope, failAfter, moveOnAfter, shield } from "@arborio/cancellation";
import { isCancelled, isTimeout, run, sleep, waitAllTasksBlocked, type WaitOptions } from "@arborio/core";
import { OSError, type HostAddress, type NetBackend } from "@arborio/core/backend";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import {
  connectTcp,
  createConnectedUdpSocket,
  createTcpListener,
  createUdpSocket,
  getAddressInfo,
  getNameInfo,
  setResolver,
  type Resolver,
} from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { cancelAtEveryPoint, deadlineAtEveryLook, inRoot, simulation } from "@arborio/testing";
import { afterEach, expect, test } from "vitest";
import { FakeUdpSocket, udpBackend } from "./fake-datagrams.ts";
import { fakeNet, FakeSocket } from "./fake-net.ts";
import { hostAddress } from "./scripted-net.ts";

const simulated = (net: NetBackend): ReturnType<typeof simulation> =>
  simulation({ backend: { name: "fake", net }, patience: 1 });

const within = (net: Partial<NetBackend>, fn: () => Promise<void>): Promise<void> =>
  inRoot(fn, { backend: () => simulated(fakeNet(net)) })();

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

const both = ["::1", "1.1.1.1", "::2"].map(hostAddress);

test("arguments are checked first, synchronously", () => {
  expect(() => getAddressInfo("a b")).toThrow(
    new TypeError('Cannot resolve: host must be a name or an address, received "a b"'),
  );
  expect(() => getAddressInfo("h", -1)).toThrow(
    new RangeError("Cannot resolve: port must be an integer from 0 to 65535, received -1"),
  );
  expect(() => getAddressInfo("h", 0, { family: 4 as never })).toThrow(
    new TypeError('Cannot resolve: family must be "ipv4" or "ipv6", received 4'),
  );
  expect(() => getNameInfo("localhost", 80)).toThrow(
    new TypeError('Cannot find the names of an address: it must be a numeric address, received "localhost"'),
  );
  expect(() => getNameInfo("::1", 65_536)).toThrow(RangeError);
  expect(() => setResolver({} as never)).toThrow(
    new TypeError("Cannot set the resolver: it must have a method lookup, received object"),
  );
});

test("getAddressInfo: the addresses in the resolver's order, with the port; of one family if that is asked for", async () => {
  await within({ lookup: async () => both }, async () => {
    expect(await getAddressInfo("h", 80)).toEqual(both.map((one) => ({ ...one, port: 80 })));
    expect(await getAddressInfo("h", 0, { family: "ipv6" })).toEqual([
      { address: "::1", port: 0, family: "ipv6" },
      { address: "::2", port: 0, family: "ipv6" },
    ]);
  });
});

test("getAddressInfo: the backend is asked for the name in ASCII", async () => {
  const asked: string[] = [];
  const lookup = async (host: string): Promise<HostAddress[]> => {
    asked.push(host);
    return both;
  };
  await within({ lookup }, async () => {
    await getAddressInfo("faß.de");
    await getAddressInfo("fass.de");
  });
  expect(asked).toEqual(["xn--fa-hia.de", "fass.de"]);
});

test("getAddressInfo: a numeric address is its own, with its scope, and nobody is asked", async () => {
  await within({ lookup: () => Promise.reject(new Error("asked")) }, async () => {
    setResolver({ lookup: () => Promise.reject(new Error("asked")) });
    expect(await getAddressInfo("fe80::1%eth0", 7)).toEqual([
      { address: "fe80::1%eth0", port: 7, family: "ipv6" },
    ]);
    expect(await getAddressInfo("127.0.0.1")).toEqual([{ address: "127.0.0.1", port: 0, family: "ipv4" }]);
  });
});

test("getAddressInfo: none of the family, or none at all, is ENOTFOUND", async () => {
  await within({ lookup: async (host) => (host === "none" ? [] : [hostAddress("1.1.1.1")]) }, async () => {
    const expected = { code: "ENOTFOUND", syscall: "getaddrinfo" };
    expect(await failureOf(getAddressInfo("h", 0, { family: "ipv6" }))).toMatchObject({
      ...expected,
      message: "Cannot getaddrinfo h: it has no ipv6 address (ENOTFOUND)",
    });
    expect(await failureOf(getAddressInfo("::1", 0, { family: "ipv4" }))).toMatchObject(expected);
    expect(await failureOf(getAddressInfo("none"))).toMatchObject({ ...expected, address: "none" });
  });
});

test("getAddressInfo: what the system says is thrown as it is, with no other context", async () => {
  const failure = new OSError({ code: "EAI_AGAIN", syscall: "getaddrinfo", address: "h" });
  await within({ lookup: () => Promise.reject(failure) }, async () => {
    expect(await failureOf(getAddressInfo("h"))).toBe(failure);
    expect(await failureOf(connectTcp("h", 1))).toBe(failure);
  });
  expect(failure.cause).toBe(undefined);
});

test("C3: in a cancelled scope nobody is asked", async () => {
  let asked = 0;
  const lookup = async (): Promise<HostAddress[]> => {
    asked++;
    return both;
  };
  await within({ lookup, reverse: async () => (asked++, { host: "h", service: "s" }) }, async () => {
    for (const resolver of [undefined, { lookup }]) {
      setResolver(resolver);
      for (const ask of [
        () => getAddressInfo("h"),
        () => getAddressInfo("::1"),
        () => getNameInfo("::1", 1),
        () => connectTcp("h", 1),
      ]) {
        const scope = new CancelScope();
        scope.cancel();
        let outcome: unknown;
        await scope.run(async () => (outcome = await failureOf(ask())));
        expect(isCancelled(outcome)).toBe(true);
      }
    }
  });
  expect(asked).toBe(0);
});

test("a cancelled lookup is abandoned; its late answer, or failure, is dropped", async () => {
  const settle: { resolve(found: HostAddress[]): void; reject(error: unknown): void }[] = [];
  const lookup = (): Promise<HostAddress[]> =>
    new Promise((resolve, reject) => settle.push({ resolve, reject }));
  await within({ lookup }, async () => {
    for (let i = 0; i < 2; i++) expect(await moveOnAfter(10, () => getAddressInfo("h"))).toBe(undefined);
    settle[0]!.resolve([]);
    settle[1]!.reject(new Error("late"));
  });
});

test("at most 16 lookups are under way, abandoned ones included; others wait, and can be cancelled", async () => {
  const answers: ((found: HostAddress[]) => void)[] = [];
  const lookup = (): Promise<HostAddress[]> => new Promise((resolve) => answers.push(resolve));
  const reverse = async (): Promise<never> => {
    throw new Error("reversed");
  };
  await within({ lookup, reverse }, async () => {
    await taskGroup(async (group) => {
      for (let i = 0; i < 10; i++) await moveOnAfter(1, () => getAddressInfo("abandoned"));
      const names = Array.from({ length: 8 }, () => group.spawn(() => getAddressInfo("h")));
      await waitAllTasksBlocked();
      expect(answers).toHaveLength(16);
      expect(await moveOnAfter(1, () => getAddressInfo("waits"))).toBe(undefined);
      expect(await moveOnAfter(1, () => getNameInfo("::1", 1))).toBe(undefined);
      expect(await moveOnAfter(1, () => connectTcp("waits", 1))).toBe(undefined);
      // The first two that the system answers are abandoned: those who wait have their turn all the same.
      answers[0]!([]);
      answers[1]!([]);
      await waitAllTasksBlocked();
      expect(answers).toHaveLength(18);
      for (const answer of answers) answer(both);
      for (const name of names) expect(await name.result()).toHaveLength(3);
      expect(await failureOf(getNameInfo("::1", 1))).toEqual(new Error("reversed"));
    });
  });
});

test("a lookup that throws at once gives its place back", async () => {
  const lookup = (): never => {
    throw new Error("at once");
  };
  await within({ lookup }, async () => {
    for (let i = 0; i < 20; i++) expect(await failureOf(getAddressInfo("h"))).toEqual(new Error("at once"));
  });
});

test("cancelled at any point, a lookup gives its place back", async () => {
  const answers: ((found: HostAddress[]) => void)[] = [];
  const answer = (): void => answers.splice(0).forEach((settle) => settle(both));
  const lookup = (host: string): Promise<HostAddress[]> =>
    new Promise((resolve) => {
      if (host === "h") answers.push(resolve);
    });
  // One network for all runs: a place lost in any of them is missed by the next.
  const net = fakeNet({ lookup });
  const allButOne = async (): Promise<void> => {
    for (let i = 0; i < 15; i++) await moveOnAfter(1, () => getAddressInfo("abandoned"));
  };
  await run(allButOne, { backend: simulated(net) });
  const two = (): Promise<unknown> =>
    taskGroup(async (group) => {
      const names = [group.spawn(() => getAddressInfo("h")), group.spawn(() => getAddressInfo("h"))];
      for (const name of names) {
        await sleep(1);
        answer();
        await name.wait();
      }
    }).finally(answer);
  const points = await cancelAtEveryPoint(two, { backend: { name: "fake", net }, patience: 1 });
  expect(points).toBeGreaterThan(10);
  const looks = await deadlineAtEveryLook(two, { backend: () => simulated(net) });
  expect(looks).toBeGreaterThan(10);
  await run(two, { backend: simulated(net) });
});

test("setResolver: the run's resolver is asked in place of the system, by connectTcp too", async () => {
  const asked: unknown[] = [];
  const resolver: Resolver = {
    lookup: async (host, options) => {
      asked.push([host, options.family]);
      return [hostAddress("9.9.9.9"), hostAddress("::9")];
    },
  };
  const tried: string[] = [];
  const net: Partial<NetBackend> = {
    connectTcp: async ({ address }) => (tried.push(address), new FakeSocket()),
  };
  await within(net, async () => {
    expect(setResolver(resolver)).toBe(undefined);
    expect(await getAddressInfo("faß.de", 1, { family: "ipv6" })).toEqual([
      { address: "::9", port: 1, family: "ipv6" },
    ]);
    await (await connectTcp("h", 1)).close();
    expect(setResolver(undefined)).toBe(resolver);
    expect(await getAddressInfo("h")).toEqual([{ address: "127.0.0.1", port: 0, family: "ipv4" }]);
  });
  await within(net, async () => {
    expect(setResolver(undefined)).toBe(undefined);
  });
  expect(asked).toEqual([
    ["xn--fa-hia.de", "ipv6"],
    ["h", undefined],
  ]);
  expect(tried).toEqual(["9.9.9.9"]);
});

test("setResolver: it runs in the task that asks, and is cancelled with it; what it throws is thrown", async () => {
  await within({}, async () => {
    setResolver({ lookup: () => sleep(1_000).then(() => []) });
    expect(await moveOnAfter(10, () => getAddressInfo("h"))).toBe(undefined);
    const failure = new Error("no such zone");
    setResolver({
      lookup: () => {
        throw failure;
      },
    });
    expect(await failureOf(getAddressInfo("h"))).toBe(failure);
  });
});

test("setResolver: what gives no numeric addresses is a TypeError of whoever asked", async () => {
  const wrong: unknown[] = [undefined, "1.1.1.1", [undefined], [{ address: "h", family: "ipv4" }]];
  wrong.push(
    [{ address: "1.1.1.1", family: "ipv6" }],
    [{ address: "1.1.1.1" }],
    [undefined, hostAddress("1.1.1.1")],
  );
  wrong.push(new Array(2 ** 32 - 1), Array(4097).fill(hostAddress("1.1.1.1")));
  wrong.push([
    { address: "1".repeat(1 << 20) + "!", family: "ipv4" },
    { address: `::1%${"x".repeat(1 << 20)}`, family: "ipv6" },
  ]);
  await within({}, async () => {
    for (const found of wrong) {
      setResolver({ lookup: async () => found as never });
      expect(await failureOf(getAddressInfo("h"))).toEqual(
        new TypeError(
          "Cannot resolve: the resolver must give numeric addresses with their families, at most 4096",
        ),
      );
    }
  });
});

test("setResolver: what it gave is read once, and a getter that throws is a failure of its own", async () => {
  const answers = ["1.1.1.1", "no address"];
  const failure = new Error("not to be read");
  const changing = {
    family: "ipv4" as const,
    get address(): string {
      return answers.shift()!;
    },
  };
  const throwing = {
    family: "ipv4" as const,
    get address(): string {
      throw failure;
    },
  };
  await within({}, async () => {
    setResolver({ lookup: async () => [changing] });
    expect(await getAddressInfo("h")).toEqual([{ address: "1.1.1.1", family: "ipv4", port: 0 }]);
    setResolver({ lookup: async () => [throwing] });
    expect(await failureOf(getAddressInfo("h"))).toBe(failure);
  });
});

const never = { lookup: () => new Promise<HostAddress[]>(() => {}) };
const socket = new FakeUdpSocket();
const askers: Record<string, (options: WaitOptions) => Promise<unknown>> = {
  getAddressInfo: (options) => getAddressInfo("h", 0, options),
  connectTcp: (options) => connectTcp("h", 1, options),
  "connectTcp from a name": (options) => connectTcp("127.0.0.1", 1, { ...options, localHost: "h" }),
  createTcpListener: (options) => createTcpListener({ ...options, host: "h" }),
  createUdpSocket: (options) => createUdpSocket({ ...options, host: "h" }),
  createConnectedUdpSocket: (options) => createConnectedUdpSocket("h", 1, options),
  "createConnectedUdpSocket from a name": (options) =>
    createConnectedUdpSocket("127.0.0.1", 1, { ...options, localHost: "h" }),
  sendTo: async (options) => {
    await using own = await createUdpSocket(options);
    await own.sendTo(Uint8Array.of(1), "h", 1, options);
  },
};

for (const [name, ask] of Object.entries(askers)) {
  test(`${name}: a resolver that never answers is left by a deadline, a signal and a cancelled scope`, async () => {
    await inRoot(
      async () => {
        setResolver(never);
        expect(isTimeout(await failureOf(failAfter(10, () => ask({}))))).toBe(true);
        const controller = new AbortController();
        const waiting = failureOf(ask({ signal: controller.signal }));
        await waitAllTasksBlocked();
        controller.abort("enough");
        expect(await waiting).toBe("enough");
        expect(await moveOnAfter(10, () => ask({}))).toBe(undefined);
      },
      { backend: () => udpBackend(async () => socket) },
    )();
  });
}

test("setResolver: a late answer or failure of a lookup that was left is dropped", async () => {
  await within({}, async () => {
    for (const end of [
      (): HostAddress[] => both,
      (): never => {
        throw new Error("too late");
      },
    ]) {
      setResolver({ lookup: () => shield(() => sleep(100)).then(end) });
      expect(await moveOnAfter(10, () => getAddressInfo("h"))).toBe(undefined);
      await sleep(200);
    }
  });
});

test("getNameInfo: where the backend cannot tell, it is an UnsupportedError that names it", async () => {
  await within({}, async () => {
    expect(await failureOf(getNameInfo("::1", 1))).toMatchObject({
      code: "ERR_UNSUPPORTED",
      message: "Cannot find the names of an address: backend 'simulation' has no reverse lookups",
    });
  });
});

test("a floating lookup that is cancelled is no unhandled rejection", async () => {
  await within({ lookup: () => new Promise(() => {}), reverse: () => new Promise(() => {}) }, async () => {
    const floating: Promise<unknown>[] = [];
    await moveOnAfter(10, async () => {
      floating.push(getAddressInfo("h"), getNameInfo("::1", 1), connectTcp("h", 1));
      await sleep(100);
    });
    for (const one of floating) expect(isCancelled(await failureOf(one))).toBe(true);
  });
});

afterEach(() => setAmbientSlot(undefined));

test("without an ambient context, a signal says whose resolver it is, and whose wait", async () => {
  setAmbientSlot(null);
  const net = fakeNet({ lookup: () => new Promise(() => {}) });
  await run(
    async ({ signal }) => {
      await sleep(1, { signal });
      expect(await moveOnAfter(10, ({ signal }) => getAddressInfo("h", 0, { signal }), { signal })).toBe(
        undefined,
      );
      setResolver({ lookup: async () => both }, { signal });
      await sleep(1, { signal });
      expect(await getAddressInfo("h", 0, { signal })).toHaveLength(3);
    },
    { backend: simulated(net) },
  );
});
