import type { Program } from "../../program.ts";
import { net } from "../sockets/deno-net.ts";
import { throughput } from "../sockets/deno.ts";

export const program: Program = throughput(net);
