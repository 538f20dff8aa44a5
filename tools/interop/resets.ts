import path from "node:path";
import { Faults, portOf } from "./bench.ts";
import type { Peer } from "./peer.ts";

const program = path.join(import.meta.dirname, "programs", "resets.py");

/** How a connection may end that was reset; one direction may have ended before. */
const ENDS = /^\d (receive|send) BrokenResourceError (ECONNRESET|EPIPE)$|^2 receive EndOfStream$/;

/** Peers that reset, at each stage of a connection; not every host can, so Python does. */
export const resets: Peer = {
  name: "resets",
  needs: { python3: "python3" },
  async run(runtime, bench) {
    const faults = new Faults();
    const echo = bench.ours(runtime, "examples/echo.ts", "--serve");
    const port = await portOf(echo, /port (\d+)/);
    faults.equal("after them all", await bench.call("python3", [program, port]), "still there\n");
    echo.signal("SIGINT");
    const { code, stderr } = await echo.ended;
    faults.equal("the server's exit code and stderr", [code, stderr], [130, ""]);

    const peer = bench.theirs("python3", program, "--serve");
    const clients = bench.ours(
      runtime,
      "tools/interop/programs/reset-clients.ts",
      await portOf(peer, /port (\d+)/),
    );
    const ended = await clients.ended;
    faults.equal("the clients' exit code and stderr", [ended.code, ended.stderr], [0, ""]);
    const lines = ended.stdout.trim().split("\n");
    faults.equal(
      "other ends than resets",
      lines.filter((line) => !ENDS.test(line)),
      [],
    );
    faults.equal("stages", new Set(lines.map((line) => line[0])).size, 4);
    return faults.found;
  },
};
