import { randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { Faults, portOf, sha256Of } from "./bench.ts";
import type { Peer } from "./peer.ts";

const LARGE = 64 << 20;
const CLIENTS = 20;

/** socat against our echo, and on both sides of our proxy. */
export const socat: Peer = {
  name: "socat",
  needs: { socat: "socat" },
  async run(runtime, bench) {
    const faults = new Faults();
    const [large, out] = [bench.file("large"), bench.file("out")];
    await writeFile(large, randomBytes(LARGE));
    const sum = await sha256Of(large);
    const connect = (port: string): string[] => ["-t", "30", "-T", "60", "-", `TCP:127.0.0.1:${port}`];

    const echo = await portOf(bench.ours(runtime, "examples/echo.ts", "--serve"), /port (\d+)/);
    const proxy = await portOf(bench.ours(runtime, "examples/proxy.ts", "127.0.0.1", echo), /port (\d+)/);
    for (const [what, port] of Object.entries({ echo, "echo through the proxy": proxy })) {
      await bench.call("socat", connect(port), { input: large, output: out });
      faults.equal(`${what}: SHA-256`, await sha256Of(out), sum);
    }

    // It answers only when the client has ended, and then ends.
    // The port that it chose stands on stderr.
    const command = "exec socat -d -d TCP-LISTEN:0,bind=127.0.0.1,fork SYSTEM:sha256sum 2>&1";
    const listen = bench.theirs("sh", "-c", command);
    const behind = await portOf(listen, /listening on .*:(\d+)$/);
    const half = await portOf(bench.ours(runtime, "examples/proxy.ts", "127.0.0.1", behind), /port (\d+)/);
    faults.equal(
      "half-close through the proxy",
      await bench.call("socat", connect(half), { input: large }),
      `${sum}  -\n`,
    );

    const many = Array.from({ length: CLIENTS }, () =>
      bench.call("socat", connect(half), { input: "/dev/null" }),
    );
    const empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  -\n";
    faults.equal("many at once", await Promise.all(many), Array(CLIENTS).fill(empty));
    return faults.found;
  },
};
