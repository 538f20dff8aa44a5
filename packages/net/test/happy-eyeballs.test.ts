import { moveOnAfter } from "@arborio/cancellation";
import { currentTime, isCancelled, isError, run, sleep, waitAllTasksBlocked } from "@arborio/core";
import { OSError, type NetBackend, type RawTcpSocket } from "@arborio/core/backend";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import { connectTcp, type ConnectTcpOptions, type TcpStream } from "@arborio/net";
import {
  cancelAtEveryPoint,
  deadlineAtEveryLook,
  inRoot,
  simulation,
  type EveryPoint,
} from "@arborio/testing";
import { afterEach, expect, test } from "vitest";
import { fakeNet, FakeSocket } from "./fake-net.ts";
import { hostAddress, ScriptedNet, type Script } from "./scripted-net.ts";

// RFC 8305, under the virtual clock.

const never = { after: Infinity };

function simulated(net: NetBackend): ReturnType<typeof simulation> {
  return simulation({ backend: { name: "scripted", net }, patience: 1 });
}

/** Runs a test over a scripted network. */
async function on<T>(script: Script, fn: (net: ScriptedNet) => Promise<T>): Promise<T> {
  const net = new ScriptedNet(script);
  let value: T;
  await inRoot(async () => void (value = await fn(net)), { backend: () => simulated(net.backend) })();
  return value!;
}

const connect = (options?: Omit<ConnectTcpOptions, "tls">): Promise<TcpStream> =>
  connectTcp("host.test", 80, options);

const failureOf = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

async function refusal(promise: Promise<unknown>): Promise<OSError> {
  const error = await failureOf(promise);
  if (!isError(error, "OSError")) throw error;
  return error;
}

const orders: [title: string, resolved: string[], tried: string[]][] = [
  ["IPv6 first", ["::1", "::2", "1.1.1.1", "2.2.2.2"], ["::1", "1.1.1.1", "::2", "2.2.2.2"]],
  ["IPv4 first", ["1.1.1.1", "::1", "::2", "2.2.2.2"], ["1.1.1.1", "::1", "2.2.2.2", "::2"]],
  ["few of the first", ["::1", "1.1.1.1", "2.2.2.2", "3.3.3.3"], ["::1", "1.1.1.1", "2.2.2.2", "3.3.3.3"]],
  ["few of the other", ["::1", "::2", "::3", "1.1.1.1"], ["::1", "1.1.1.1", "::2", "::3"]],
  ["one family", ["1.1.1.1", "2.2.2.2"], ["1.1.1.1", "2.2.2.2"]],
];
test.each(orders)(
  "families take turns, beginning with that of the resolver's first: %s",
  async (_, resolved, expected) => {
    await on(Object.fromEntries(resolved.map((address) => [address, never])), async (net) => {
      await moveOnAfter(10_000, () => connect());
      expect(net.tried.map(({ address }) => address)).toEqual(expected);
    });
  },
);

test("the next attempt begins after 250 ms beside those before; the first connection ends the others", async () => {
  await on({ "::1": never, "1.1.1.1": { after: 10 }, "::2": never }, async (net) => {
    const stream = await connect();
    expect(stream.remoteAddress.address).toBe("1.1.1.1");
    expect(net.happened).toEqual(["0 ::1 begins", "250 1.1.1.1 begins", "260 ::1 ends"]);
    await stream.close();
  });
});

test("an earlier attempt that connects after a later one began is still it", async () => {
  await on({ "::1": { after: 255 }, "1.1.1.1": { after: 10 } }, async (net) => {
    const stream = await connect();
    expect(stream.remoteAddress.address).toBe("::1");
    expect(net.happened).toEqual(["0 ::1 begins", "250 1.1.1.1 begins", "255 1.1.1.1 ends"]);
    await stream.close();
  });
});

test("within 250 ms the first address is the only one tried", async () => {
  await on({ "::1": { after: 249 }, "1.1.1.1": { after: 0 } }, async (net) => {
    await (await connect()).close();
    expect(net.happened).toEqual(["0 ::1 begins"]);
  });
});

test("happyEyeballsDelay: another delay; Infinity waits for a failure", async () => {
  await on({ "::1": { after: 900, code: "ETIMEDOUT" }, "1.1.1.1": { after: 1 } }, async (net) => {
    await (await connect({ happyEyeballsDelay: 400 })).close();
    await (await connect({ happyEyeballsDelay: Infinity })).close();
    expect(net.happened).toEqual([
      ...["0 ::1 begins", "400 1.1.1.1 begins", "401 ::1 ends"],
      ...["401 ::1 begins", "1301 1.1.1.1 begins"],
    ]);
  });
});

test("a failure starts the next attempt at once", async () => {
  const refused = { after: 30, code: "ECONNREFUSED" };
  await on({ "::1": refused, "1.1.1.1": refused, "::2": { after: 5 } }, async (net) => {
    await (await connect()).close();
    expect(net.happened).toEqual(["0 ::1 begins", "30 1.1.1.1 begins", "60 ::2 begins"]);
    expect(currentTime()).toBe(65);
  });
});

test("one that connects in the same turn as the first is closed", async () => {
  await on({ "::1": { after: 260 }, "1.1.1.1": { after: 10 } }, async (net) => {
    const stream = await connect();
    expect(net.sockets).toHaveLength(2);
    expect(net.open).toEqual([stream.remoteAddress.address]);
    await stream.close();
  });
});

test("one that is refused in the same turn as the first connects is no failure", async () => {
  await on({ "::1": { after: 260 }, "1.1.1.1": { after: 10, code: "ECONNREFUSED" } }, async (net) => {
    const stream = await connect();
    expect(net.errors).toHaveLength(1);
    expect(net.open).toEqual(["::1"]);
    await stream.close();
  });
});

test("if one that was told to end fails otherwise, that is thrown, and the connection closed", async () => {
  const mistake = new TypeError("a mistake of the backend");
  const socket = new FakeSocket();
  const net = fakeNet({
    lookup: async () => ["::1", "1.1.1.1"].map(hostAddress),
    connectTcp: async ({ address }) => {
      await sleep(address === "::1" ? 260 : 10);
      if (address === "::1") return socket;
      throw mistake;
    },
  });
  await inRoot(
    async () => {
      expect(await failureOf(connect())).toMatchObject({ code: "ERR_TASK_GROUP", errors: [mistake] });
      expect(socket.closed).toBe("closed");
    },
    { backend: () => simulated(net) },
  )();
});

test("one that connects though it was told to end is closed", async () => {
  const late = new FakeSocket();
  let settle: (socket: RawTcpSocket) => void = () => {};
  const net = fakeNet({
    lookup: async () => ["::1", "1.1.1.1"].map(hostAddress),
    connectTcp: ({ address }) =>
      address === "::1" ? new Promise((resolve) => (settle = resolve)) : Promise.resolve(new FakeSocket()),
  });
  await inRoot(
    async () => {
      await (await connect()).close();
      settle(late);
      await waitAllTasksBlocked();
      expect(late.closed).toBe("closed");
    },
    { backend: () => simulated(net) },
  )();
});

test("if all fail, one OSError says so, with the error of each in its order as the cause", async () => {
  const script = {
    "::1": { after: 300, code: "ETIMEDOUT" },
    "1.1.1.1": { after: 10, code: "ECONNREFUSED" },
    "::2": { after: 0, code: "EHOSTUNREACH" },
  };
  await on(script, async (net) => {
    const error = await refusal(connect());
    expect(error.message).toBe("Cannot connect host.test:80: all connection attempts failed (ETIMEDOUT)");
    expect([error.code, error.syscall, error.address]).toEqual(["ETIMEDOUT", "connect", "host.test:80"]);
    const { errors, message } = error.cause as AggregateError;
    expect(errors.map(({ address }: OSError) => address)).toEqual(
      Object.keys(script).map((address) => `${address} port 80`),
    );
    expect(errors.toSorted()).toEqual(net.errors.toSorted());
    expect(message).toContain("Cannot connect 1.1.1.1 port 80: connection refused (ECONNREFUSED)");
  });
});

test("the code tells of the host, not of a family this machine has no way for; of nothing else, the first", async () => {
  const noWay = { after: 0, code: "ENETUNREACH" };
  const refused = { after: 0, code: "ECONNREFUSED" };
  await on({ "::1": noWay, "1.1.1.1": refused }, async () => {
    expect((await refusal(connect())).code).toBe("ECONNREFUSED");
  });
  await on({ "::1": noWay, "1.1.1.1": { after: 0, code: "EADDRNOTAVAIL" } }, async () => {
    expect((await refusal(connect())).code).toBe("ENETUNREACH");
  });
});

test("the failure of a single attempt is thrown as it is", async () => {
  await on({ "1.1.1.1": { after: 0, code: "ECONNREFUSED" } }, async (net) => {
    expect(await refusal(connect())).toBe(net.errors[0]);
  });
});

test("what a resolver fails with is thrown as it is, and nothing is tried", async () => {
  const failure = new OSError({ code: "ENOTFOUND", syscall: "getaddrinfo", address: "host.test" });
  const net = new ScriptedNet({}, { lookup: () => Promise.reject(failure) });
  await run(async () => expect(await refusal(connect())).toBe(failure), {
    backend: simulated(net.backend),
  });
  expect(failure.cause).toBe(undefined);
  expect(net.tried).toEqual([]);
});

test("what is no refusal of the system is thrown with all the others", async () => {
  const mistake = new TypeError("a mistake of the backend");
  const net = fakeNet({
    lookup: async () => ["::1", "1.1.1.1"].map(hostAddress),
    connectTcp: () => Promise.reject(mistake),
  });
  await run(
    async () => {
      expect(await failureOf(connect())).toMatchObject({
        code: "ERR_TASK_GROUP",
        errors: [mistake, mistake],
      });
    },
    { backend: simulated(net) },
  );
});

test("C4: cancelled, all attempts end and nothing more is begun", async () => {
  await on({ "::1": never, "1.1.1.1": never, "::2": never }, async (net) => {
    expect(await moveOnAfter(300, () => connect())).toBe(undefined);
    expect(net.happened).toEqual(["0 ::1 begins", "250 1.1.1.1 begins", "300 ::1 ends", "300 1.1.1.1 ends"]);
  });
});

test("C17: an abort of a foreign signal rejects with its reason", async () => {
  await on({ "::1": never, "1.1.1.1": never }, async () => {
    const controller = new AbortController();
    const failing = failureOf(connect({ signal: controller.signal }));
    await waitAllTasksBlocked();
    controller.abort("enough");
    expect(await failing).toBe("enough");
  });
});

test("C4: a refusal that comes with the cancellation does not replace it", async () => {
  await on({ "::1": { after: 300, code: "ECONNREFUSED" }, "1.1.1.1": never }, async () => {
    expect(await moveOnAfter(300, () => connect())).toBe(undefined);
  });
});

test("a floating attempt that is cancelled is no unhandled rejection", async () => {
  await on({ "::1": never, "1.1.1.1": never }, async () => {
    let floating: Promise<unknown> | undefined;
    await moveOnAfter(300, async () => {
      floating = connect();
      await waitAllTasksBlocked();
      await connect();
    });
    expect(isCancelled(await failureOf(floating!))).toBe(true);
  });
});

const scripts: [title: string, script: Script][] = [
  ["overlapping", { "::1": never, "1.1.1.1": { after: 10 }, "::2": never }],
  ["connecting together", { "::1": { after: 260 }, "1.1.1.1": { after: 10 } }],
  ["refused together", { "::1": { after: 260 }, "1.1.1.1": { after: 10, code: "ECONNREFUSED" } }],
  ["failing", { "::1": { after: 10, code: "ECONNREFUSED" }, "1.1.1.1": { after: 10 } }],
  ["a single one", { "1.1.1.1": { after: 10 } }],
];
test.each(scripts)("cancelled at any point, no connection is left open: %s", async (_, script) => {
  for (const seed of [undefined, 1, 2]) {
    let net = new ScriptedNet(script);
    const backend = {
      name: "scripted",
      get net() {
        net = new ScriptedNet(script);
        return net.backend;
      },
    };
    const options = { backend, patience: 1, seed };
    const program = async ({ track }: EveryPoint): Promise<void> => {
      const released = track("a connection");
      try {
        await (await connect()).close();
      } finally {
        if (net.open.length === 0) released();
      }
    };
    expect(await cancelAtEveryPoint(program, options)).toBeGreaterThan(3);
    expect(await deadlineAtEveryLook(program, { backend: () => simulation(options) })).toBeGreaterThan(3);
  }
});

afterEach(() => setAmbientSlot(undefined));

test("without an ambient context, the signal of a scope cancels all attempts", async () => {
  setAmbientSlot(null);
  const net = new ScriptedNet({});
  const aborted: string[] = [];
  const backend = fakeNet({
    ...net.backend,
    lookup: async () => ["::1", "1.1.1.1"].map(hostAddress),
    connectTcp: ({ address }, signal) => {
      signal.addEventListener("abort", () => aborted.push(address));
      return new Promise(() => {});
    },
  });
  await run(
    async (root) => {
      expect(await moveOnAfter(300, ({ signal }) => connect({ signal }), root)).toBe(undefined);
    },
    { backend: simulated(backend) },
  );
  expect(aborted).toEqual(["::1", "1.1.1.1"]);
});
