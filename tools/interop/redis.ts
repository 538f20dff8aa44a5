import { Faults, type Bench } from "./bench.ts";
import type { Peer } from "./peer.ts";
import { freePort } from "./ports.ts";

/** A server of Redis, for our client. */
export const redis: Peer = {
  name: "redis",
  needs: { "redis-server": "redis-server" },
  async run(runtime, bench) {
    const faults = new Faults();
    const port = await startRedis(bench);
    const session = bench.ours(runtime, "tools/interop/programs/redis-session.ts", port);
    const { code, stdout, stderr } = await session.ended;
    console.log(`  ${runtime}: ${stdout.trim()}`);
    faults.equal("exit code and stderr", [code, stderr], [0, ""]);
    return faults.found;
  },
};

/** On the loopback, in memory alone. It cannot choose a port itself, so another may take the one that was free. */
async function startRedis(bench: Bench): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const flags = [
      "--port",
      port,
      "--bind",
      "127.0.0.1",
      "--save",
      "",
      "--appendonly",
      "no",
      "--dir",
      bench.folder,
    ];
    try {
      await bench.theirs("redis-server", ...flags).printed(/Ready to accept connections/);
      return port;
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}
