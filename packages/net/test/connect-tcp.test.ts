import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { isCancelled, waitAllTasksBlocked } from "@arborio/core";
import type { RawTcpSocket } from "@arborio/core/backend";
import { connectTcp } from "@arborio/net";
import { simulation } from "@arborio/testing";
import { createTest, test } from "@arborio/testing/vitest";
import { expect } from "vitest";
import { fakeNet, FakeSocket } from "./fake-net.ts";

test("arguments are checked first, synchronously", () => {
  const host = (value: unknown) => () => connectTcp(value as string, 1);
  const port = (value: unknown) => () => connectTcp("h", value as number);
  expect(host("")).toThrow(new TypeError('Cannot connect: host must be a name or an address, received ""'));
  expect(host(undefined)).toThrow(
    new TypeError("Cannot connect: host must be a name or an address, received undefined"),
  );
  for (const value of [0, -1, 65_536, 1.5, NaN, "80"]) {
    expect(port(value), String(value)).toThrow(RangeError);
  }
  expect(port(0)).toThrow("Cannot connect: port must be an integer from 1 to 65535, received 0");
});

test("without a network it is an UnsupportedError that names the backend", async () => {
  await expect(connectTcp("h", 1)).rejects.toMatchObject({
    code: "ERR_UNSUPPORTED",
    message: "Cannot connect: backend 'simulation' has no net",
  });
});

let opened: FakeSocket[] = [];
let signals: AbortSignal[] = [];
let settle: (socket: RawTcpSocket) => void = () => {};

const onFake = createTest({
  backend: () => {
    opened = [];
    signals = [];
    const net = fakeNet({
      connectTcp: (_, signal) => {
        signals.push(signal);
        opened.push(new FakeSocket());
        return new Promise((resolve) => (settle = resolve));
      },
    });
    return simulation({ backend: { name: "fake", net }, patience: 20 });
  },
});

onFake(
  "C4: a cancelled attempt aborts the backend's, and what it opened all the same is closed",
  async () => {
    const scope = new CancelScope();
    const attempt = scope.run(() => connectTcp("h", 1));
    await waitAllTasksBlocked();
    scope.cancel();
    await attempt;
    expect(signals[0]?.aborted).toBe(true);
    settle(opened[0]!);
    await Promise.resolve();
    await Promise.resolve();
    await Promise.resolve();
    expect(opened[0]?.closed).toBe("closed");
  },
);

onFake("C3: in a cancelled scope nothing is tried", async () => {
  const scope = new CancelScope();
  await scope.run(async () => {
    scope.cancel();
    await connectTcp("h", 1);
  });
  expect(opened).toEqual([]);
});

onFake("a floating attempt that is cancelled is no unhandled rejection", async () => {
  let floating: Promise<unknown> | undefined;
  await moveOnAfter(1, async () => {
    floating = connectTcp("h", 1);
    await connectTcp("h", 1);
  });
  await expect(floating).rejects.toSatisfy(isCancelled);
});
