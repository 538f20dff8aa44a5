import { denoBackend } from "@arborio/backend-alt/deno";
import { expect, test } from "vitest";

const addr = { hostname: "127.0.0.1", port: 7 };

test.runIf("Deno" in globalThis)(
  "accept: a connection that was reset before it was accepted is ECONNABORTED, as elsewhere",
  async () => {
    const error = Object.assign(new Error("Transport endpoint is not connected"), {
      name: "NotConnected",
      code: "ENOTCONN",
    });
    const listener = denoBackend().net!.adoptListener({
      addr,
      accept: () => Promise.reject(error),
      close: () => {},
    });
    await expect(listener.accept()).rejects.toMatchObject({
      code: "ECONNABORTED",
      syscall: "accept",
      cause: error,
    });
  },
);
