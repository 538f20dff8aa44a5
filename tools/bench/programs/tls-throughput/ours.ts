import type { Program } from "../../program.ts";
import { tls } from "../sockets/ours-tls.ts";
import { throughput } from "../sockets/ours.ts";

export const program: Program = throughput(tls);
