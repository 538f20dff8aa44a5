import type { Program } from "../../program.ts";
import { net } from "../sockets/node-net.ts";
import { roundTrip } from "../sockets/node.ts";

export const program: Program = roundTrip(net);
