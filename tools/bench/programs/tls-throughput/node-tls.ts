import type { Program } from "../../program.ts";
import { tls } from "../sockets/node-tls.ts";
import { throughput } from "../sockets/node.ts";

export const program: Program = throughput(tls);
