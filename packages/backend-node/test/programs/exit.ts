// Ends at once, in the middle of a task, with 4.
import { host, run, sleepForever } from "@arborio/core";
import { backend } from "./backend.ts";

await run(
  async () => {
    host().exit(4);
    await sleepForever();
  },
  { backend },
);
