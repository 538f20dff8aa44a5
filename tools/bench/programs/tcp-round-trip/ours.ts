import type { Program } from "../../program.ts";
import { tcp } from "../sockets/ours-tcp.ts";
import { roundTrip } from "../sockets/ours.ts";

export const program: Program = roundTrip(tcp);
