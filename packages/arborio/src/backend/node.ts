import type { Backend } from "@arborio/core/backend";
import { nodeBackend } from "@arborio/backend-node";

/** The default backend on Node and Bun. */
export function defaultBackend(): Backend {
  return nodeBackend();
}
