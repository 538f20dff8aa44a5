import { TypedAttributeLookupError } from "@arborio/core";
import { wrongType } from "@arborio/core/lowlevel";

/** A key for something that a stream, or what is below it, may know: an address, a certificate. Two of one name differ. */
export interface TypedAttribute<T> {
  readonly name: string;
  /** Never there: it holds the type of the values. */
  readonly type?: T;
}

/** What there is, and how to get it. A layer passes on those of the layer below, and adds or overrides. */
export type Attributes = ReadonlyMap<TypedAttribute<unknown>, () => unknown>;

/** What may have typed attributes. */
export interface AttributeProvider {
  readonly attributes?: Attributes | undefined;
}

/** Makes a key; `[remoteAddress, () => socket.address]` is then an entry of {@link Attributes}. */
export function typedAttribute<T>(name: string): TypedAttribute<T> {
  if (typeof name !== "string") throw wrongType("make an attribute", "its name must be a string", name);
  return Object.freeze({ name });
}

/** The attributes of anything; none if it provides none. */
export function attributesOf(provider: AttributeProvider): Attributes {
  return provider.attributes ?? new Map();
}

/**
 * What a stream, through all its layers, knows by that key.
 *
 * **Throws** TypedAttributeLookupError if no layer has it and no `fallback` is given; what the getter throws, as it is.
 */
export function extra<T>(provider: AttributeProvider, attribute: TypedAttribute<T>): T;
export function extra<T, D>(provider: AttributeProvider, attribute: TypedAttribute<T>, fallback: D): T | D;
export function extra(
  provider: AttributeProvider,
  attribute: TypedAttribute<unknown>,
  ...fallback: unknown[]
): unknown {
  const get = attributesOf(provider).get(attribute);
  if (get) return get();
  if (fallback.length > 0) return fallback[0];
  throw new TypedAttributeLookupError(`Cannot get the attribute ${attribute.name}: no layer has it`);
}
