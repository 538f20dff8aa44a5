import { ArborioError, restoreStacks, suspendStacks } from "./base.ts";

// What streams and other resources throw (M4).

/** A `…Nowait` call would have had to wait. It has no stack. */
export class WouldBlock extends ArborioError {
  constructor(message = "Cannot go on: the call would have to wait", options?: ErrorOptions) {
    const limit = suspendStacks();
    super(message, options);
    restoreStacks(limit);
  }

  override get name(): "WouldBlock" {
    return "WouldBlock";
  }

  get code(): "ERR_WOULD_BLOCK" {
    return "ERR_WOULD_BLOCK";
  }
}

/** The other end closed and nothing is left to receive. It has no stack. */
export class EndOfStream extends ArborioError {
  constructor(message = "Cannot receive: the stream has ended", options?: ErrorOptions) {
    const limit = suspendStacks();
    super(message, options);
    restoreStacks(limit);
  }

  override get name(): "EndOfStream" {
    return "EndOfStream";
  }

  get code(): "ERR_END_OF_STREAM" {
    return "ERR_END_OF_STREAM";
  }
}

/** The resource was closed on this side. */
export class ClosedResourceError extends ArborioError {
  constructor(message = "Cannot use the resource: it was closed on this side", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "ClosedResourceError" {
    return "ClosedResourceError";
  }

  get code(): "ERR_CLOSED_RESOURCE" {
    return "ERR_CLOSED_RESOURCE";
  }
}

/** The resource is unusable for a reason outside this program: the peer is gone, a send was cut. `cause` says why. */
export class BrokenResourceError extends ArborioError {
  constructor(message = "Cannot use the resource: it is broken", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "BrokenResourceError" {
    return "BrokenResourceError";
  }

  get code(): "ERR_BROKEN_RESOURCE" {
    return "ERR_BROKEN_RESOURCE";
  }
}

/** Two tasks use the same direction of a resource. */
export class BusyResourceError extends ArborioError {
  constructor(message = "Cannot use the resource: another task is using it", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "BusyResourceError" {
    return "BusyResourceError";
  }

  get code(): "ERR_BUSY_RESOURCE" {
    return "ERR_BUSY_RESOURCE";
  }
}

/** The stream ended before the requested data was complete. */
export class IncompleteRead extends ArborioError {
  constructor(message = "Cannot read: the stream ended too early", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "IncompleteRead" {
    return "IncompleteRead";
  }

  get code(): "ERR_INCOMPLETE_READ" {
    return "ERR_INCOMPLETE_READ";
  }
}

/** The delimiter was not found within the limit. */
export class DelimiterNotFound extends ArborioError {
  constructor(message = "Cannot read: the delimiter was not found within the limit", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "DelimiterNotFound" {
    return "DelimiterNotFound";
  }

  get code(): "ERR_DELIMITER_NOT_FOUND" {
    return "ERR_DELIMITER_NOT_FOUND";
  }
}

/** No connection could be made. `cause` says why. */
export class ConnectionFailed extends ArborioError {
  constructor(message = "Cannot connect", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "ConnectionFailed" {
    return "ConnectionFailed";
  }

  get code(): "ERR_CONNECTION_FAILED" {
    return "ERR_CONNECTION_FAILED";
  }
}

/** No layer of the stream has the attribute. */
export class TypedAttributeLookupError extends ArborioError {
  constructor(message = "Cannot look up the attribute: no layer has it", options?: ErrorOptions) {
    super(message, options);
  }

  override get name(): "TypedAttributeLookupError" {
    return "TypedAttributeLookupError";
  }

  get code(): "ERR_TYPED_ATTRIBUTE_LOOKUP" {
    return "ERR_TYPED_ATTRIBUTE_LOOKUP";
  }
}
