import type { Program } from "../../program.ts";
import { tcp } from "../sockets/ours-tcp.ts";
import { connections } from "../sockets/ours.ts";

export const program: Program = connections(tcp);
