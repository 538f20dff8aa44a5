import type { Program } from "../../program.ts";
import { net } from "../sockets/deno-net.ts";
import { connections } from "../sockets/deno.ts";

export const program: Program = connections(net);
