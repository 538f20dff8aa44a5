import type { Program } from "../../program.ts";
import { net } from "../sockets/node-net.ts";
import { connections } from "../sockets/node.ts";

export const program: Program = connections(net);
