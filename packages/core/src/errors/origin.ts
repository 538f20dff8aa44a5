import { cell } from "../cell.ts";
import { leaves } from "./groups.ts";

/**
 * Whether an error comes from that stream, from a layer over it, or from a stream below it; for a group, whether each of its
 * leaves does. If only the `cause` of an error comes from the stream, the error does not: the code that made it had its own
 * reason.
 */
export function comesFrom(error: unknown, stream: object): boolean {
  const all = leaves(error);
  return all.length > 0 && all.every((leaf) => leafComesFrom(leaf, stream));
}

/**
 * For authors of streams: says that the stream made this error because of its peer, so that `serve` can contain it. Returns the
 * error. The first mark stays, so a layer may mark what passes through it.
 */
export function markOrigin<E>(error: E, stream: object): E {
  const { origins } = cell();
  // Not on the error itself: it may be frozen, or foreign.
  if (isObject(error) && !origins.has(error)) origins.set(error, stream);
  return error;
}

/** Marks an error as coming from where another comes from, if that is known. Returns the error. */
export function copyOrigin<E>(error: E, from: unknown): E {
  const origin = originOf(from);
  return origin === undefined ? error : markOrigin(error, origin);
}

/** For authors of streams: says that a stream is a layer over others. Returns the layer. */
export function markLayer<L extends object>(layer: L, ...below: readonly object[]): L {
  const { layers } = cell();
  const known = layers.get(layer) ?? [];
  // What lies on the layer stays above it: TLS ends, and its user has the stream below again.
  const added = below.filter((one) => !known.includes(one) && !liesOn(one, layer));
  if (added.length > 0) layers.set(layer, [...known, ...added]);
  return layer;
}

function leafComesFrom(leaf: unknown, stream: object): boolean {
  const origin = originOf(leaf);
  return origin !== undefined && (liesOn(origin, stream) || liesOn(stream, origin));
}

function originOf(error: unknown): object | undefined {
  return isObject(error) ? cell().origins.get(error) : undefined;
}

function liesOn(layer: object, stream: object): boolean {
  const { layers } = cell();
  const found = new Set([layer]);
  // The set grows while it is walked.
  for (const one of found) for (const below of layers.get(one) ?? []) found.add(below);
  return found.has(stream);
}

function isObject(value: unknown): value is object {
  return Object(value) === value;
}
