/**
 * For authors of backends: the contract, the error that hosts' errors become, and the platform's own timers.
 *
 * @module
 */
export type { Backend, Capability, RootView } from "./contract/backend.ts";
export type { Clock } from "./contract/clock.ts";
export type {
  DirectoryEntry,
  FileKind,
  FileStat,
  FsBackend,
  RawFile,
  RawOpenOptions,
} from "./contract/fs.ts";
export type { Host, HostInput, HostOutput, HostTerminal } from "./contract/host.ts";
export type {
  AddressFamily,
  HostAddress,
  NetBackend,
  NetFeature,
  RawCertificate,
  RawConnectOptions,
  RawDatagram,
  RawListener,
  RawListenOptions,
  RawNames,
  RawSocket,
  RawStream,
  RawTcpSocket,
  RawTlsClientOptions,
  RawTlsInfo,
  RawTlsOptions,
  RawTlsServerOptions,
  RawTlsSide,
  RawTlsStream,
  RawUdpControls,
  RawUdpOptions,
  RawUdpSocket,
  SocketAddress,
  TlsBackend,
  TlsFeature,
  UdpBackend,
  UnixAddress,
  UnixBackend,
} from "./contract/net.ts";
export type { Scheduler, WakeUp } from "./contract/scheduler.ts";
export type { SignalName, SignalsBackend } from "./contract/signals.ts";
export { checkVariable } from "./errors/argument.ts";
export { OSError, type OSErrorInit } from "./errors/os-error.ts";
export { oneLine } from "./errors/one-line.ts";
export { createTimerClock, type HoldTimer } from "./platform/clock.ts";
export { createHopScheduler } from "./platform/scheduler.ts";
export { taken } from "./contract/taken.ts";
