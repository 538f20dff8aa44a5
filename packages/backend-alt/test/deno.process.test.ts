import { expect, test } from "vitest";
import { Child, processTests } from "../../backend-node/test/processes.ts";

const flags = ["run", "-A", "--quiet", "--conditions=@arborio/source"];
const withUdp = [...flags, "--unstable-net"];

if ("Deno" in globalThis) {
  processTests("deno", withUdp);

  test("UDP: deno: it is there with --unstable-net only, and its absence is an UnsupportedError", async () => {
    expect(await new Child(withUdp, "udp.ts").ended).toMatchObject({ code: 0, stdout: "open\n" });
    expect(await new Child(flags, "udp.ts").ended).toMatchObject({
      code: 0,
      stdout: "UnsupportedError: Cannot open a UDP socket: backend 'deno' has no UDP\n",
    });
  });
} else test.skip("deno: processes, for this runtime is not Deno");
