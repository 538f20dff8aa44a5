import { certificates } from "./certificates.ts";
import { denoSockets, type DenoTransport } from "./deno.ts";

export const tls: DenoTransport = {
  listen() {
    const { certificate: cert, key } = certificates();
    return denoSockets().listenTls({ hostname: "127.0.0.1", port: 0, cert, key });
  },
  connect: (port) =>
    denoSockets().connectTls({ hostname: "127.0.0.1", port, caCerts: [certificates().authority] }),
};
