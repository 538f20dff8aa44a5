import type { Program } from "../../program.ts";
import { net } from "../sockets/deno-net.ts";
import { roundTrip } from "../sockets/deno.ts";

export const program: Program = roundTrip(net);
