import type { Program } from "../../program.ts";
import { tls } from "../sockets/deno-tls.ts";
import { throughput } from "../sockets/deno.ts";

export const program: Program = throughput(tls);
