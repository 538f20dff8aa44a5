import { leaves, run } from "arborio";
import { expect, test } from "vitest";
import { ping } from "./udp-ping.ts";

test("each ping is answered, those that are lost when they are sent again", async () => {
  expect(await run(() => ping(5, () => false, 3_000))).toEqual({ answered: 5, sent: 5 });
  const odd = (n: number, times: number): boolean => n % 2 === 1 && times < 3;
  const { answered, sent } = await run(() => ping(4, odd, 100));
  expect(answered).toBe(4);
  // Not exactly: a slow machine may answer too late.
  expect(sent).toBeGreaterThanOrEqual(8);
});

test("a ping that is never answered is an error, and the server ends with it", async () => {
  const error = await run(() => ping(1, () => true, 1)).catch((thrown: unknown) => thrown);
  expect(leaves(error).map(String)).toEqual([
    "Error: Cannot reach the server: ping 0 was not answered, sent 5 times",
  ]);
});
