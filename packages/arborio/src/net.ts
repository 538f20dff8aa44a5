/**
 * TCP: `@arborio/net`.
 *
 * @module
 */
export {
  adoptTcpSocket,
  asConnectable,
  connectTcp,
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
  NameInfo,
  ResolveOptions,
  Resolver,
  SocketAddress,
  TcpConnectableOptions,
  TcpListener,
  TcpListenerOptions,
  TcpStream,
} from "@arborio/net";
