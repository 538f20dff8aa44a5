import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Child, denialTests, processTests } from "../../backend-node/test/processes.ts";

const plain = ["run", "--quiet", "--conditions=@arborio/source"];
const flags = [...plain, "-A"];
const withUdp = [...flags, "--unstable-net"];
// The programs themselves have to be read.
const readable = fileURLToPath(new URL("../../..", import.meta.url));
const denying = [...plain, "--unstable-net", "--no-prompt", `--allow-read=${readable}`];

if ("Deno" in globalThis) {
  processTests("deno", withUdp);
  denialTests("deno", denying, ["net", "unix", "files", "env"]);

  test("UDP: deno: it is there with --unstable-net only, and its absence is an UnsupportedError", async () => {
    expect(await new Child(withUdp, "udp.ts").ended).toMatchObject({ code: 0, stdout: "open\n" });
    expect(await new Child(flags, "udp.ts").ended).toMatchObject({
      code: 0,
      stdout:
        "UnsupportedError: Cannot open a UDP socket: backend 'deno' has no UDP: run Deno with --unstable-net\n",
    });
  });
} else test.skip("deno: processes, for this runtime is not Deno");
