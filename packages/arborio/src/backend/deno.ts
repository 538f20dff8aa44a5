import type { Backend } from "@arborio/core/backend";
import { denoBackend } from "@arborio/backend-alt/deno";

/** The default backend on Deno. */
export function defaultBackend(): Backend {
  return denoBackend();
}
