import type { RawListener, RawSocket, UnixAddress } from "@arborio/core/backend";
import type { Listener } from "@arborio/streams";
import { SocketListener } from "./tcp-listener.ts";
import { shownPath, UnixSocketStream, type UnixStream } from "./unix-stream.ts";

/** A listening UNIX socket. */
export interface UnixListener extends Listener<UnixStream> {
  /** Where it listens. */
  readonly localAddress: UnixAddress;
}

/** A UNIX listener over a backend's. */
export function unixListener(raw: RawListener<RawSocket<UnixAddress>, UnixAddress>): UnixListener {
  const where = shownPath(raw.localAddress.path ?? "");
  return new SocketListener(raw, where, (socket) => new UnixSocketStream(socket));
}
