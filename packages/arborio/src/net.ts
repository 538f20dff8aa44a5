/**
 * TCP: `@arborio/net`.
 *
 * @module
 */
export { connectTcp, createTcpListener } from "@arborio/net";
export type { SocketAddress, TcpListener, TcpListenerOptions, TcpStream } from "@arborio/net";
