import { expect, test } from "vitest";
import { simulate } from "@arborio/testing";
import { run } from "arborio";
import { seed } from "./seed.ts";

test("the seed says the same on this runtime's backend and in the simulation", async () => {
  expect(await run(seed)).toBe("b after a: 3");
  for (const order of [undefined, 1, 2, 3])
    expect(await simulate(seed, { seed: order })).toBe("b after a: 3");
});
