import { denoBackend } from "@arborio/backend-alt/deno";
import { nodeBackend } from "@arborio/backend-node";
import type { Backend } from "@arborio/core/backend";

/** The backend of the runtime that this runs on: each program is run on Node and on Deno. */
export const backend: Backend = "Deno" in globalThis ? denoBackend() : nodeBackend();
