// Where there is no ambient context, as in browsers: through `{ signal }` and handles.
import { sleep } from "@arborio/core";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import { moveOnAfter } from "@arborio/cancellation";
import { safeChannel } from "@arborio/iteration";
import { afterAll, beforeAll, expect } from "vitest";
import { timed } from "../../testing/test/everywhere.ts";

beforeAll(() => setAmbientSlot(null));
afterAll(() => setAmbientSlot(undefined));

timed(
  "without an ambient slot: a safe channel gives its items, and ends with the call's signal",
  async (root) => {
    const log: string[] = [];
    const numbers = safeChannel(async function* (signal: AbortSignal) {
      try {
        for (let n = 1; n < 9; n++) {
          await sleep(1, { signal });
          yield n;
        }
      } finally {
        log.push("clean-up");
      }
    });
    const got: number[] = [];
    await moveOnAfter(
      3.5,
      ({ signal }) =>
        numbers(
          signal,
          async (items, scope) => {
            for (;;) got.push(await items.receive({ signal: scope.signal }));
          },
          { signal },
        ),
      root,
    );
    expect([got, log]).toEqual([[1, 2, 3], ["clean-up"]]);
  },
);
