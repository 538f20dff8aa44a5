import type { Backend } from "@arborio/core/backend";
import { webBackend } from "@arborio/backend-alt/web";

/** The default backend in browsers and workers, and wherever nothing better is known. */
export function defaultBackend(): Backend {
  return webBackend();
}
