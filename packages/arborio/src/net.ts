/**
 * TCP: `@arborio/net`.
 *
 * @module
 */
export {
  adoptTcpListener,
  connectTcp,
  createMultiListener,
  createTcpListener,
  SocketAttribute,
} from "@arborio/net";
export type { MultiListener, SocketAddress, TcpListener, TcpListenerOptions, TcpStream } from "@arborio/net";
