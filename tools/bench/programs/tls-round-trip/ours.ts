import type { Program } from "../../program.ts";
import { tls } from "../sockets/ours-tls.ts";
import { roundTrip } from "../sockets/ours.ts";

export const program: Program = roundTrip(tls);
