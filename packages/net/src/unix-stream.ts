import type { RawSocket, UnixAddress } from "@arborio/core/backend";
import type { Attributes, ByteStream } from "@arborio/streams";
import { socketAttributes } from "./attributes.ts";
import { SocketStream } from "./socket-stream.ts";

export type { UnixAddress };

/** A connection by a UNIX socket. */
export interface UnixStream extends ByteStream {
  /** The path is undefined on the side that connected, which has no name. */
  readonly localAddress: UnixAddress;
  readonly remoteAddress: UnixAddress;
}

/** A UNIX connection over a backend's. */
export class UnixSocketStream extends SocketStream<RawSocket<UnixAddress>> implements UnixStream {
  constructor(raw: RawSocket<UnixAddress>) {
    super(raw, `the connection by ${shownPath(raw.remoteAddress.path ?? raw.localAddress.path ?? "")}`);
  }

  get localAddress(): UnixAddress {
    return this.raw.localAddress;
  }

  get remoteAddress(): UnixAddress {
    return this.raw.remoteAddress;
  }

  get attributes(): Attributes {
    return socketAttributes(this.raw);
  }

  protected override renewed(): UnixSocketStream {
    return new UnixSocketStream(this.raw);
  }
}

/** A name of Linux that is no file. */
export function isAbstract(path: string): boolean {
  return path.startsWith("\0");
}

/** An abstract name as Linux's tools show it. */
export function shownPath(path: string): string {
  return path.replace(/^\0/, "@");
}
