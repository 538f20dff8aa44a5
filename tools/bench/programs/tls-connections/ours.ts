import type { Program } from "../../program.ts";
import { tls } from "../sockets/ours-tls.ts";
import { connections } from "../sockets/ours.ts";

export const program: Program = connections(tls);
