import type { Program } from "../../program.ts";
import { net } from "../sockets/node-net.ts";
import { throughput } from "../sockets/node.ts";

export const program: Program = throughput(net);
