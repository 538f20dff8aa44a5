/**
 * TCP and TLS: connections as byte streams, and listeners that serve each as a task.
 *
 * ```ts
 * import { nodeBackend } from "@arborio/backend-node";
 * import { run } from "@arborio/core";
 * import { connectTcp, createTcpListener } from "@arborio/net";
 *
 * await run(async () => {
 *   const listener = await createTcpListener();
 *   const client = await connectTcp("127.0.0.1", listener.localAddress.port);
 *   const server = await listener.accept();
 *   await client.send(new TextEncoder().encode("hello"));
 *   console.log(new TextDecoder().decode(await server.receive())); // hello
 *   await Promise.all([client, server, listener].map((open) => open.close()));
 * }, { backend: nodeBackend() });
 * ```
 *
 * @module
 */
export { connectTcp, type ConnectTcpOptions } from "./connect-tcp.ts";
export { createTlsListener, type CreateTlsListenerOptions } from "./create-tls-listener.ts";
export { createTcpListener, type TcpListenerOptions } from "./create-tcp-listener.ts";
export type { TcpListener } from "./tcp-listener.ts";
export type { SocketAddress, TcpStream } from "./tcp-stream.ts";
export { TlsAttribute } from "./tls-attribute.ts";
export { TlsConnectable } from "./tls-connectable.ts";
export { TlsListener, type StreamOf, type TlsListenerOptions } from "./tls-listener.ts";
export type {
  TlsCertificate,
  TlsClientOptions,
  TlsOptions,
  TlsServerOptions,
  TlsVersion,
} from "./tls-options.ts";
export type { TlsStream } from "./tls-stream.ts";
export { wrapTls, type TlsClientSide, type TlsServerSide } from "./wrap-tls.ts";
