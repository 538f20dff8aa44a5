import { denoSockets, type DenoTransport } from "./deno.ts";

export const net: DenoTransport = {
  listen: () => denoSockets().listen({ hostname: "127.0.0.1", port: 0 }),
  connect: (port) => denoSockets().connect({ hostname: "127.0.0.1", port }),
};
