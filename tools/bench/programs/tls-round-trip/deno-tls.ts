import type { Program } from "../../program.ts";
import { tls } from "../sockets/deno-tls.ts";
import { roundTrip } from "../sockets/deno.ts";

export const program: Program = roundTrip(tls);
