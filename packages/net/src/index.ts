/**
 * TCP, TLS and UNIX sockets: connections as byte streams, and listeners that serve each as a task. UDP.
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
export { getAddressInfo } from "./address-info.ts";
export { adoptTcpListener } from "./adopt-tcp-listener.ts";
export { adoptTcpSocket } from "./adopt-tcp-socket.ts";
export { asConnectable, type AsConnectableOptions, type ConnectableLike } from "./as-connectable.ts";
export { SocketAttribute } from "./attributes.ts";
export { connectTcp, type ConnectTcpOptions } from "./connect-tcp.ts";
export { connectUnix } from "./connect-unix.ts";
export type { ConnectedUdpSocket } from "./connected-udp-socket.ts";
export { createConnectedUdpSocket, type ConnectedUdpSocketOptions } from "./create-connected-udp-socket.ts";
export { createTlsListener, type CreateTlsListenerOptions } from "./create-tls-listener.ts";
export { createTcpListener, type TcpListenerOptions } from "./create-tcp-listener.ts";
export { createUdpSocket, type UdpSocketOptions } from "./create-udp-socket.ts";
export { createUnixListener, type UnixListenerOptions } from "./create-unix-listener.ts";
export type { UdpResource, UdpStatistics } from "./datagram-socket.ts";
export { lingeringClose, type LingeringCloseOptions } from "./lingering-close.ts";
export { createMultiListener, type MultiListener } from "./multi-listener.ts";
export { getNameInfo, type NameInfo } from "./name-info.ts";
export type { UdpOptions } from "./open-udp.ts";
export type { Endpoint } from "./resolve-one.ts";
export { setResolver, type ResolveOptions, type Resolver } from "./resolver.ts";
export { TcpConnectable, type TcpConnectableOptions } from "./tcp-connectable.ts";
export type { TcpListener } from "./tcp-listener.ts";
export type { SocketAddress, TcpStream } from "./tcp-stream.ts";
export type { UdpControls } from "./udp-controls.ts";
export type { AddressedDatagram, ReceivedDatagram, UdpSocket } from "./udp-socket.ts";
export { UnixConnectable } from "./unix-connectable.ts";
export type { UnixListener } from "./unix-listener.ts";
export type { UnixAddress, UnixStream } from "./unix-stream.ts";
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
