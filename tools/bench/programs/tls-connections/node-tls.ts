import type { Program } from "../../program.ts";
import { tls } from "../sockets/node-tls.ts";
import { connections } from "../sockets/node.ts";

export const program: Program = connections(tls);
