// Listens at the path it is given until it is killed.
import { run, sleepForever } from "@arborio/core";
import { createUnixListener } from "@arborio/net";
import { backend } from "./backend.ts";

await run(
  async () => {
    await createUnixListener(backend.host!.args[0]!);
    console.log("ready");
    await sleepForever();
  },
  { backend },
);
