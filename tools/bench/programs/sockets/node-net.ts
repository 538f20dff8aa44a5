import { connect, createServer } from "node:net";
import type { NodeTransport } from "./node.ts";

export const net: NodeTransport = {
  createServer: (onSocket) => createServer({ noDelay: true }, onSocket),
  connect: (port, onConnect) => connect({ host: "127.0.0.1", port, noDelay: true }, onConnect),
};
