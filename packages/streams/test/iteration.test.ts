import { BrokenResourceError, EndOfStream } from "@arborio/core";
import { receiveAll } from "@arborio/streams/lowlevel";
import { test } from "@arborio/testing/vitest";
import { expect } from "vitest";

function source(items: string[], end: Error): () => Promise<string> {
  return async () => {
    const item = items.shift();
    if (item === undefined) throw end;
    return item;
  };
}

test("M4: iteration ends at EndOfStream", async () => {
  const received = [];
  for await (const item of receiveAll(source(["a", "b"], new EndOfStream()))) received.push(item);
  expect(received).toEqual(["a", "b"]);
});

test("M4: any other error goes on", async () => {
  const iterator = receiveAll(source(["a"], new BrokenResourceError()));
  expect(await iterator.next()).toEqual({ done: false, value: "a" });
  await expect(iterator.next()).rejects.toMatchObject({ code: "ERR_BROKEN_RESOURCE" });
});

test("leaving the loop closes nothing: the rest is still there", async () => {
  const receive = source(["a", "b"], new EndOfStream());
  for await (const item of receiveAll(receive)) {
    expect(item).toBe("a");
    break;
  }
  expect(await receive()).toBe("b");
});
