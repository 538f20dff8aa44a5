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

test.runIf("Deno" in globalThis)(
  "accept: a connection that takes no option any more is closed, and ECONNABORTED",
  async () => {
    let closed = 0;
    const reset = {
      localAddr: addr,
      remoteAddr: addr,
      setNoDelay: () => {
        throw new Error("Invalid argument");
      },
      close: () => closed++,
    };
    const listener = denoBackend().net!.adoptListener({ addr, accept: async () => reset, close: () => {} });
    await expect(listener.accept()).rejects.toMatchObject({ code: "ECONNABORTED", syscall: "accept" });
    expect(closed).toBe(1);
  },
);

test.runIf("Deno" in globalThis)(
  "TLS: a connection whose handshake is cancelled while it is begun is closed",
  async () => {
    const { Deno } = globalThis as unknown as { Deno: { startTls: unknown } };
    const { startTls } = Deno;
    const [controller, reason] = [new AbortController(), new Error("enough")];
    let closed = 0;
    Deno.startTls = async () => {
      controller.abort(reason);
      return { close: () => closed++, handshake: async () => ({}) };
    };
    try {
      const socket = { remoteAddress: { address: "127.0.0.1", port: 7 } };
      const connecting = denoBackend().net!.tls!.connect(
        socket as never,
        { serverName: "localhost", verify: true },
        controller.signal,
      );
      await expect(connecting).rejects.toBe(reason);
      expect(closed).toBe(1);
    } finally {
      Deno.startTls = startTls;
    }
  },
);
