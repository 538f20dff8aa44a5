// Says that it is ready, and sleeps until a signal cancels it; then says goodbye.
import { main, sleepForever } from "@arborio/core";
import { backend } from "./backend.ts";

const say = (text: string): Promise<void> =>
  backend.host!.stdout.write(new TextEncoder().encode(`${text}\n`));

await main(
  async () => {
    await say("ready");
    try {
      await sleepForever();
    } finally {
      await say("goodbye");
    }
  },
  { backend },
);
