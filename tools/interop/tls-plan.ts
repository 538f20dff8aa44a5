import type { TlsClientOptions } from "arborio";

/** What our client does. */
export interface Plan {
  readonly tls: TlsClientOptions;
  /** What it sends: this text, or that file. */
  readonly send?: string;
  readonly file?: string;
  /** Bytes that it waits for before it ends its side. */
  readonly expect?: number;
  /** True: it never ends its side. */
  readonly hold?: boolean;
  /** Connections, one after the other, each but the first with the session of the one before. */
  readonly times?: number;
}
