import { cell } from "../cell.ts";
import type { OpenResource } from "./observers.ts";

/**
 * Says that a resource was opened, which its user is to close: debug mode names it if it is dropped unclosed. Give what it
 * returns a call when the resource is closed; further calls do nothing. Without debug mode it costs nothing.
 *
 * @param description as `the file a.txt`
 * @param handle the host's, which must not refer to the resource: kept until the resource is closed or named, so that a host
 *   that ends the process over a lost handle (Node 26, for files) does so after the report
 */
export function trackResource(resource: object, description: string, handle?: object): () => void {
  const { tell } = cell();
  if (tell === undefined) return nothing;
  const open: OpenResource = { description, handle };
  tell("opened", resource, open);
  return () => cell().tell?.("closed", open);
}

const nothing = (): void => {};
