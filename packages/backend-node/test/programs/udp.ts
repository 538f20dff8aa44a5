// Says what opening a UDP socket comes to.
import { run } from "@arborio/core";
import { createUdpSocket } from "@arborio/net";
import { backend } from "./backend.ts";

await run(
  async () => {
    try {
      await (await createUdpSocket()).close();
      console.log("open");
    } catch (error) {
      console.log(String(error));
    }
  },
  { backend },
);
