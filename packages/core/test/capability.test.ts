import { checkpoint, host, isError, run } from "@arborio/core";
import type { Backend } from "@arborio/core/backend";
import { capability } from "@arborio/core/lowlevel";
import { unscoped } from "@arborio/cancellation";
import { expect, test } from "vitest";
import { makeGate } from "../../testing/test/gate.ts";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";

const fake = {} as never;

test("E: outside any run: NoBackendError, which names the fix", () => {
  const error = thrownBy(() => capability("net", "connect"));
  expect(isError(error, "NoBackendError")).toBe(true);
  expect((error as Error).message).toMatch(/^Cannot connect: .*run\(main, \{ backend \}\).*'arborio'/);
});

test("E: in a run without a backend, and in unscoped, too", async () => {
  expect(isError(await run(() => thrownBy(host)), "NoBackendError")).toBe(true);
  const backend: Backend = { name: "full", host: fake };
  expect(isError(await run(() => unscoped(() => thrownBy(host)), { backend }), "NoBackendError")).toBe(true);
});

test("E: a capability that the backend lacks: UnsupportedError, which names both", async () => {
  const error = await run(() => thrownBy(() => capability("net", "connect")), { backend: { name: "web" } });
  expect(isError(error, "UnsupportedError")).toBe(true);
  expect((error as Error).message).toBe("Cannot connect: backend 'web' has no net");
});

test("a capability that it has is given, of the nearest run's backend", async () => {
  const [net, other] = [{ net: "one" } as never, { net: "other" } as never];
  const inner = (): Promise<unknown> =>
    run(() => capability("net", "connect"), { backend: { name: "inner", net: other } });
  const found = await run(async () => [await inner(), capability("net", "connect")], {
    backend: { name: "outer", net },
  });
  expect(found).toEqual([other, net]);
});

test("E: in what outlived its run: RunFinishedError", async () => {
  const gate = makeGate();
  let floating: Promise<unknown> | undefined;
  await run(
    () => {
      floating = errorOf(gate.promise.then(() => checkpoint()).then(() => host()));
    },
    { backend: { name: "full", host: fake } },
  );
  gate.resolve();
  const error = await floating;
  expect(isError(error, "RunFinishedError")).toBe(true);
  expect((error as Error).message).toBe("Cannot use the host: the run has finished");
});
