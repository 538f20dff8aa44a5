// On a runtime without an ambient context, as browsers are.
import { CancelScope } from "@arborio/cancellation";
import { isCancelled, sleep } from "@arborio/core";
import { setAmbientSlot } from "@arborio/core/lowlevel";
import { BufferedByteReceiveStream, TextReceiveStream } from "@arborio/streams";
import { afterAll, beforeAll, beforeEach, expect, vi } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { errorOf } from "../../testing/test/outcome.ts";
import { bytes, openMemoryOf, text } from "./memory-byte-stream.ts";

const warn = vi.spyOn(console, "warn");
beforeAll(() => setAmbientSlot(null));
afterAll(() => setAmbientSlot(undefined));
beforeEach(() => void warn.mockReset().mockImplementation(() => undefined));
afterAll(() => warn.mockRestore());

everywhere(
  "all waits of one call belong to the scope it was called in, by context or by signal",
  async (root) => {
    for (const bySignal of [false, true]) {
      const source = openMemoryOf(["a"]);
      const stream = new BufferedByteReceiveStream(source);
      const scope = new CancelScope();
      let error: unknown;
      const running = scope.run(async () => {
        if (bySignal) await sleep(0, { signal: scope.signal });
        error = await errorOf(stream.receiveExactly(9, bySignal ? { signal: scope.signal } : {}));
      }, root);
      await sleep(1, root);
      source.incoming.push(bytes("b"));
      await sleep(1, root);
      scope.cancel();
      await running;
      expect(isCancelled(error)).toBe(true);
      expect(text(await stream.receiveExactly(2, root))).toBe("ab");
    }
    expect(warn.mock.calls).toEqual([]);
  },
);

everywhere("lines by signal", async (root) => {
  const stream = new TextReceiveStream(openMemoryOf(["a\nb", "c\n"]));
  const lines = stream.lines({ signal: root.signal });
  expect([(await lines.next()).value, (await lines.next()).value]).toEqual(["a", "bc"]);
  expect(warn.mock.calls).toEqual([]);
});
