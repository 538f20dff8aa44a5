import type { WaitOptions } from "@arborio/core";
import type { RawTlsSide } from "@arborio/core/backend";
import { settling } from "@arborio/core/lowlevel";
import type { ByteStream, ByteStreamConnectable, Connectable } from "@arborio/streams";
import { netPart } from "./backend.ts";
import { clientSide, requireTls, type TlsClientOptions } from "./tls-options.ts";
import type { TlsStream } from "./tls-stream.ts";
import { startTls } from "./wrap-tls.ts";

/**
 * Connects to what is below, and speaks TLS over it as a client. The connection is closed if that fails or is cancelled;
 * what the host cannot do is an UnsupportedError before anything is connected.
 */
export class TlsConnectable implements Connectable<TlsStream> {
  readonly #below: ByteStreamConnectable;
  readonly #side: RawTlsSide;
  readonly #standardCompatible: boolean;

  /** @throws TypeError for bad options */
  constructor(below: ByteStreamConnectable, options: TlsClientOptions & { readonly serverName: string }) {
    if (typeof (below as Partial<ByteStreamConnectable> | undefined)?.connect !== "function")
      throw new TypeError(`Cannot connect: it takes a connectable, received ${typeof below}`);
    this.#below = below;
    this.#side = clientSide(options);
    this.#standardCompatible = options.standardCompatible ?? true;
  }

  connect(options: WaitOptions = {}): Promise<TlsStream> {
    return settling(this.#connect(options), (stream) => stream);
  }

  async #connect(options: WaitOptions): Promise<TlsStream> {
    requireTls(netPart("tls", "start TLS", options.signal), this.#side, options.signal);
    const stream: ByteStream = await this.#below.connect(options);
    try {
      return await startTls(stream, this.#side, this.#standardCompatible, options);
    } catch (error) {
      stream.closeForcefully();
      throw error;
    }
  }
}
