import type { Program } from "../../program.ts";
import { tls } from "../sockets/node-tls.ts";
import { roundTrip } from "../sockets/node.ts";

export const program: Program = roundTrip(tls);
