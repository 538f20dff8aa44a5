import type { RawListener, RawSocket, UnixAddress } from "@arborio/core/backend";
import type { Attributes, Listener } from "@arborio/streams";
import { socketAttributes } from "./attributes.ts";
import { SocketListener } from "./socket-listener.ts";
import { shownPath, UnixSocketStream, type UnixStream } from "./unix-stream.ts";

/** A listening UNIX socket. */
export interface UnixListener extends Listener<UnixStream> {
  /** Where it listens. */
  readonly localAddress: UnixAddress;
}

/** A UNIX listener over a backend's. */
export class UnixSocketListener
  extends SocketListener<UnixStream, RawSocket<UnixAddress>, UnixAddress>
  implements UnixListener
{
  constructor(raw: RawListener<RawSocket<UnixAddress>, UnixAddress>) {
    super(raw, (socket) => new UnixSocketStream(socket), shownPath(raw.localAddress.path ?? ""));
  }

  get attributes(): Attributes {
    return socketAttributes(this.raw);
  }
}
