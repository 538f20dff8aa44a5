import { isCancelled, sleep } from "@arborio/core";
import { OSError } from "@arborio/core/backend";
import { CancelScope } from "@arborio/cancellation";
import { temporaryDirectory } from "@arborio/fs";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { expect } from "vitest";
import { fakeFs } from "./fake-fs.ts";

const busy = new OSError({ code: "EBUSY", syscall: "remove", path: "/tmp/made" });
let removed: string[] = [];
let refuse = false;

const test = createTest({
  backend: () => {
    removed = [];
    refuse = false;
    const fs = fakeFs({
      makeTemporaryDirectory: async ({ prefix, parent = "/tmp" }) => `${parent}/${prefix}made`,
      remove: async (path) => {
        if (refuse) throw busy;
        removed.push(path);
      },
    });
    return simulation({ backend: { name: "fake", fs }, patience: 20 });
  },
});

test("prefix and parent name the place", async () => {
  const path = await temporaryDirectory((inside) => inside, { prefix: "p-", parent: "/some" });
  expect([path, removed]).toEqual(["/some/p-made", ["/some/p-made"]]);
});

test("if only removing fails, its error is thrown", async () => {
  refuse = true;
  await expect(temporaryDirectory(() => 5)).rejects.toBe(busy);
});

test("if both fail, no error is lost", async () => {
  refuse = true;
  const failure = new Error("inside");
  const error = await temporaryDirectory(() => Promise.reject(failure)).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "TaskGroupError", errors: [failure, busy] });
});

test("C7: if removing fails after a cancellation, the scope takes the cancellation out and its error goes on", async () => {
  const scope = new CancelScope();
  const block = scope.run(() =>
    temporaryDirectory(async () => {
      refuse = true;
      scope.cancel();
      await sleep(1);
    }),
  );
  const error = await block.catch((thrown: unknown) => thrown);
  expect(isCancelled(error)).toBe(false);
  expect(error).toMatchObject({ errors: [busy] });
});
