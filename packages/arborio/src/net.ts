/**
 * TCP, UNIX sockets and UDP: `@arborio/net`.
 *
 * @module
 */
export {
  connectTcp,
  connectUnix,
  createConnectedUdpSocket,
  createTcpListener,
  createUdpSocket,
  createUnixListener,
  SocketAttribute,
  UnixConnectable,
} from "@arborio/net";
export type {
  AddressedDatagram,
  ConnectedUdpSocket,
  ConnectedUdpSocketOptions,
  Endpoint,
  ReceivedDatagram,
  SocketAddress,
  TcpListener,
  TcpListenerOptions,
  TcpStream,
  UdpControls,
  UdpOptions,
  UdpResource,
  UdpSocket,
  UdpSocketOptions,
  UdpStatistics,
  UnixAddress,
  UnixListener,
  UnixListenerOptions,
  UnixStream,
} from "@arborio/net";
