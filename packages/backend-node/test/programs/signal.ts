// Counts two arrivals of SIGUSR2, stops listening, and ends by itself.
import { run } from "@arborio/core";
import { suspend } from "@arborio/core/lowlevel";
import { backend } from "./backend.ts";

const say = (text: string): Promise<void> =>
  backend.host!.stdout.write(new TextEncoder().encode(`${text}\n`));

await run(
  async () => {
    for (const count of ["one", "two"]) {
      let stop: (() => void) | undefined;
      const arrived = suspend<void>((waiter) => {
        stop = backend.signals!.listen("SIGUSR2", () => void waiter.resume());
      });
      await say(count === "one" ? "ready" : "again");
      await arrived;
      stop?.();
      await say(count);
    }
  },
  { backend },
);
