import { connectTcp, createTlsListener } from "arborio";
import { certificates } from "./certificates.ts";
import type { Transport } from "./ours.ts";

export const tls: Transport = {
  async listen() {
    const { certificate, key } = certificates();
    const listener = await createTlsListener({ certificate, key });
    return Object.assign(listener, { localAddress: listener.listener.localAddress });
  },
  connect: (port) => connectTcp("127.0.0.1", port, { tls: { ca: certificates().authority } }),
};
