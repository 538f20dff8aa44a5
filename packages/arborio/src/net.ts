/**
 * TCP: `@arborio/net`.
 *
 * @module
 */
export {
  adoptTcpListener,
  adoptTcpSocket,
  asConnectable,
  connectTcp,
  createMultiListener,
  createTcpListener,
  getAddressInfo,
  getNameInfo,
  setResolver,
  SocketAttribute,
  TcpConnectable,
} from "@arborio/net";
export type {
  ConnectableLike,
  ConnectTcpOptions,
  MultiListener,
  NameInfo,
  ResolveOptions,
  Resolver,
  SocketAddress,
  TcpConnectableOptions,
  TcpListener,
  TcpListenerOptions,
  TcpStream,
} from "@arborio/net";
