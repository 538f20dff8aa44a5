import {
  connectTcp,
  createTlsListener,
  type TlsClientOptions,
  type TlsServerOptions,
  type TlsStream,
} from "@arborio/net";
import { taskGroup } from "@arborio/task-group";
import { certificates } from "./certificates.ts";
import { Relay } from "./relay.ts";
import type { Register } from "./suite.ts";

/** Both ends of a TLS connection, and what lies between them. */
export interface TlsPair {
  readonly client: TlsStream;
  readonly server: TlsStream;
  readonly relay: Relay;
}

/** How the ends speak. */
export interface TlsPairOptions {
  readonly host?: string;
  readonly client?: TlsClientOptions;
  readonly server?: Partial<TlsServerOptions>;
}

/** Registers a test of a TLS connection; all is closed after it. */
export function withTlsPair(
  { run }: Register,
  title: string,
  fn: (pair: TlsPair) => Promise<void>,
  options: TlsPairOptions = {},
): void {
  run(title, () => usePair(fn, options));
}

/** Connects both ends, and closes them in the end. */
export async function usePair(
  fn: (pair: TlsPair) => Promise<void>,
  { host = "127.0.0.1", client: clients, server: servers }: TlsPairOptions,
): Promise<void> {
  const { authority, server: own } = await certificates();
  const listener = await createTlsListener({ host, ...own, ...servers });
  const relay = await Relay.open(host, listener.listener.localAddress.port);
  try {
    await taskGroup(async (group) => {
      group.spawn(() => relay.run());
      const tls = { ca: authority, serverName: "localhost", ...clients };
      const [client, server] = await Promise.all([
        connectTcp(host, relay.localPort, { tls }),
        listener.accept(),
      ]);
      try {
        await fn({ client, server, relay });
      } finally {
        for (const open of [client, server]) open.closeForcefully();
        group.cancel();
      }
    });
  } finally {
    for (const open of [relay, listener]) await open.close();
  }
}
