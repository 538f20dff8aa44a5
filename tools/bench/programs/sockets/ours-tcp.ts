import { connectTcp, createTcpListener } from "arborio";
import type { Transport } from "./ours.ts";

export const tcp: Transport = {
  listen: () => createTcpListener(),
  connect: (port) => connectTcp("127.0.0.1", port),
};
