import type { WaitOptions } from "@arborio/core";
import type { Connectable } from "@arborio/streams";
import { checkTarget, connectTcp, type ConnectTcpOptions } from "./connect-tcp.ts";
import { connecting } from "./connection-failed.ts";
import type { TcpStream } from "./tcp-stream.ts";

/** How a {@link TcpConnectable} connects: as `connectTcp`, save the signal, which is the call's; for TLS see TlsConnectable. */
export type TcpConnectableOptions = Omit<ConnectTcpOptions, "signal" | "tls">;

/**
 * A TCP endpoint to connect to, again and again.
 *
 * @throws TypeError and RangeError for bad arguments
 */
export class TcpConnectable implements Connectable<TcpStream> {
  readonly host: string;
  readonly port: number;
  readonly #options: TcpConnectableOptions;

  constructor(host: string, port: number, options: TcpConnectableOptions = {}) {
    checkTarget(host, port, options);
    this.host = host;
    this.port = port;
    this.#options = { ...options };
  }

  /**
   * Connects as `connectTcp` does.
   *
   * **Throws** ConnectionFailed, its `cause` the OSError; what else `connectTcp` throws, as it is.
   */
  connect({ signal }: WaitOptions = {}): Promise<TcpStream> {
    return connecting(connectTcp(this.host, this.port, { ...this.#options, signal }));
  }
}
