import * as root from "@arborio/backend-alt";
import { denoBackend } from "@arborio/backend-alt/deno";
import { webBackend } from "@arborio/backend-alt/web";
import { sleep, run } from "@arborio/core";
import { expect, test } from "vitest";

const onDeno = "Deno" in globalThis;

test("webBackend: one, with timers and turns and nothing else", () => {
  expect(webBackend()).toBe(webBackend());
  expect(Object.keys(webBackend()).sort()).toEqual(["clock", "name", "scheduler"]);
});

test("the root export is this runtime's alternative to Node's backend", async () => {
  expect(root.altBackend().name).toBe(onDeno ? "deno" : "web");
  await run(() => sleep(1), { backend: root.altBackend() });
});

test.runIf(!onDeno)("denoBackend: elsewhere it says what to take instead", () => {
  expect(() => denoBackend()).toThrow(
    "Cannot make the backend 'deno': this runtime is not Deno; use backend-node, or backend-alt/web",
  );
});

test.runIf(onDeno)("denoBackend: one for the process, with every capability", () => {
  expect(denoBackend()).toBe(denoBackend());
  expect(Object.keys(denoBackend()).sort()).toEqual(
    ["attach", "clock", "fs", "host", "name", "net", "scheduler", "signals"].sort(),
  );
});
