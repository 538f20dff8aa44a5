import { moveOnAfter } from "@arborio/cancellation";
import { isError } from "@arborio/core";
import type { Host } from "@arborio/core/backend";
import { run } from "@arborio/core";
import { stderr, stdin, stdout } from "@arborio/streams";
import { simulation } from "@arborio/testing";
import { createTest } from "@arborio/testing/vitest";
import { beforeEach, expect, test as vitestTest } from "vitest";
import { errorOf, thrownBy } from "../../testing/test/outcome.ts";
import { makeGate, type Gate } from "../../testing/test/gate.ts";
import { bytes, text } from "./memory-byte-stream.ts";

let asked: { maxBytes: number; gate: Gate<Uint8Array | null> }[] = [];
let written: string[] = [];
let outcome: Promise<void> = Promise.resolve();

beforeEach(() => {
  [asked, written, outcome] = [[], [], Promise.resolve()];
});

const output = (name: string): Host["stdout"] => ({
  write: (chunk) => {
    written.push(`${name}: ${text(chunk)}`);
    return outcome;
  },
});

const test = createTest({
  backend: () => {
    const host = {
      stdin: {
        read: (maxBytes: number) => {
          const gate = makeGate<Uint8Array | null>();
          asked.push({ maxBytes, gate });
          return gate.promise;
        },
      },
      stdout: output("out"),
      stderr: output("err"),
    } as unknown as Host;
    return simulation({ backend: { name: "fake", host }, patience: 20 });
  },
});

test("stdin gives the host's bytes, and its end, again and again", async () => {
  const receiving = stdin().receive(5);
  asked[0]!.gate.resolve(bytes("ab"));
  expect([text(await receiving), asked[0]!.maxBytes]).toEqual(["ab", 5]);
  for (const i of [1, 2]) {
    const waiting = errorOf(stdin().receive());
    asked[i]!.gate.resolve(null);
    expect(isError(await waiting, "EndOfStream")).toBe(true);
  }
});

test("M6: stdin is one stream: what came for a cancelled receive goes to the next, whoever asks", async () => {
  expect(stdin()).toBe(stdin());
  expect(await moveOnAfter(5, () => stdin().receive())).toBeUndefined();
  asked[0]!.gate.resolve(bytes("abc"));
  expect([text(await stdin().receive(1)), text(await stdin().receive())]).toEqual(["a", "bc"]);
  expect(asked.length).toBe(1);
});

test("stdout and stderr send to the host; closed, only that stream is", async () => {
  const out = stdout();
  await out.send(bytes("a"));
  await stderr().send(bytes("b"));
  await out.close();
  expect(isError(await errorOf(out.send(bytes("c"))), "ClosedResourceError")).toBe(true);
  await stdout().send(bytes("d"));
  expect(written).toEqual(["out: a", "err: b", "out: d"]);
});

test("M4: what the host throws is the cause of a BrokenResourceError", async () => {
  const fault = new Error("EPIPE");
  outcome = Promise.reject(fault);
  expect(await errorOf(stdout().send(bytes("a")))).toMatchObject({
    code: "ERR_BROKEN_RESOURCE",
    message: "Cannot send: stdout is broken",
    cause: fault,
  });
});

vitestTest("where there is no process they throw at once, and say so", async () => {
  await run(
    () => {
      for (const open of [stdin, stdout, stderr])
        expect(thrownBy(() => open())).toMatchObject({
          code: "ERR_UNSUPPORTED",
          message: `Cannot open ${open.name}: backend 'bare' has no host`,
        });
    },
    { backend: { name: "bare" } },
  );
  expect(
    isError(
      thrownBy(() => stdout()),
      "NoBackendError",
    ),
  ).toBe(true);
});
