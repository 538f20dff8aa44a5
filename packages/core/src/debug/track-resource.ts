import { cell } from "../cell.ts";
import type { OpenResource } from "./observers.ts";

/**
 * Says that a resource was opened, which its user is to close: debug mode names it if it is dropped unclosed. Give what it
 * returns a call when the resource is closed; further calls do nothing. Without debug mode it costs nothing.
 *
 * @param description as `a connection to 127.0.0.1:80`
 */
export function trackResource(resource: object, description: string): () => void {
  const { tell } = cell();
  if (tell === undefined) return nothing;
  const open: OpenResource = { description };
  tell("opened", resource, open);
  return () => cell().tell?.("closed", open);
}

const nothing = (): void => {};
