import type { Program } from "../../program.ts";
import { tls } from "../sockets/deno-tls.ts";
import { connections } from "../sockets/deno.ts";

export const program: Program = connections(tls);
