import { connect, createServer } from "node:tls";
import { certificates } from "./certificates.ts";
import type { NodeTransport } from "./node.ts";

export const tls: NodeTransport = {
  createServer(onSocket) {
    const { certificate: cert, key } = certificates();
    return createServer({ cert, key, noDelay: true }, onSocket);
  },
  connect(port, onConnect) {
    const { authority: ca } = certificates();
    return connect({ host: "127.0.0.1", port, ca }, onConnect).setNoDelay(true);
  },
};
