import type { Backend } from "@arborio/core/backend";
import { denoBackend } from "../../../backend-alt/src/deno/index.ts";
import { nodeBackend } from "../../src/index.ts";

/** The backend of the runtime that this runs on: each program is run on Node and on Deno. */
export const backend: Backend = "Deno" in globalThis ? denoBackend() : nodeBackend();
