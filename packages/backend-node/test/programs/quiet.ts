// Leaves a deadline far away, a listener for a signal and, on Node, a read of stdin: none keeps the process alive.
import { moveOnAfter } from "@arborio/cancellation";
import { host, run } from "@arborio/core";
import { awaitPromise } from "@arborio/core/lowlevel";
import { backend } from "./backend.ts";

await run(
  async () => {
    backend.signals!.listen("SIGTERM", () => {});
    await moveOnAfter(3_600_000, () => Promise.resolve());
    // Deno has no way to let go of a read of stdin.
    if (backend.name === "node") await moveOnAfter(1, () => awaitPromise(host().stdin.read(1)));
  },
  { backend },
);
