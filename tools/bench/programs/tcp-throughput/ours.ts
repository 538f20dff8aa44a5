import type { Program } from "../../program.ts";
import { tcp } from "../sockets/ours-tcp.ts";
import { throughput } from "../sockets/ours.ts";

export const program: Program = throughput(tcp);
