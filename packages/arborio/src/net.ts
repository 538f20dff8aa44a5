/**
 * TCP and TLS: `@arborio/net`.
 *
 * @module
 */
export {
  connectTcp,
  createTcpListener,
  createTlsListener,
  TlsAttribute,
  TlsConnectable,
  TlsListener,
  wrapTls,
} from "@arborio/net";
export type {
  ConnectTcpOptions,
  CreateTlsListenerOptions,
  SocketAddress,
  StreamOf,
  TcpListener,
  TcpListenerOptions,
  TcpStream,
  TlsCertificate,
  TlsClientOptions,
  TlsClientSide,
  TlsListenerOptions,
  TlsOptions,
  TlsServerOptions,
  TlsServerSide,
  TlsStream,
  TlsVersion,
} from "@arborio/net";
