// What the backend uses of Deno, as Deno 2 documents it.

/** The global `Deno`. */
export interface DenoHost {
  readonly args: readonly string[];
  readonly build: { readonly os: string };
  readonly env: { get(name: string): string | undefined };
  readonly permissions: { querySync(what: { name: "env"; variable: string }): { readonly state: string } };
  readonly stdin: DenoInput;
  readonly stdout: DenoOutput;
  readonly stderr: DenoOutput;
  exitCode: number;
  exit(code: number): never;
  consoleSize(): { readonly columns: number };
  refTimer(timer: unknown): void;
  unrefTimer(timer: unknown): void;
  addSignalListener(signal: string, listener: () => void): void;
  removeSignalListener(signal: string, listener: () => void): void;

  connect(options: { hostname: string; port: number; signal: AbortSignal }): Promise<DenoConnection>;
  connect(options: DenoUnixPath & { signal: AbortSignal }): Promise<DenoUnixConnection>;
  listen(options: { hostname: string; port: number; tcpBacklog?: number; reusePort?: boolean }): DenoListener;
  listen(options: DenoUnixPath): DenoUnixListener;
  /** Only with `--unstable-net`. */
  listenDatagram?(options: DenoUdpAddress): DenoDatagrams;

  startTls(
    connection: DenoConnection,
    options: { hostname: string; caCerts?: string[]; alpnProtocols?: string[] },
  ): Promise<DenoTlsConnection>;

  open(path: string, options: DenoOpenOptions): Promise<DenoFile>;
  stat(path: string): Promise<DenoFileInfo>;
  lstat(path: string): Promise<DenoFileInfo>;
  readDir(path: string): AsyncIterable<DenoFileKind & { readonly name: string }>;
  mkdir(path: string, options: { recursive: boolean; mode?: number }): Promise<void>;
  remove(path: string, options: { recursive: boolean }): Promise<void>;
  makeTempDir(options: { prefix: string; dir?: string }): Promise<string>;
  chmod(path: string, mode: number): Promise<void>;
  link(from: string, to: string): Promise<void>;
  lstatSync(path: string): DenoFileInfo;
  removeSync(path: string): void;
}

/** Deno's standard input. */
export interface DenoInput {
  read(into: Uint8Array): Promise<number | null>;
  isTerminal(): boolean;
}

/** Deno's standard output and error. */
export interface DenoOutput {
  write(bytes: Uint8Array): Promise<number>;
  isTerminal(): boolean;
}

/** Deno's end of a connection. */
export interface DenoAddress {
  readonly hostname: string;
  readonly port: number;
}

/** Deno's connection, of any kind. */
export interface DenoStreamConnection {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
  /** What waits for it does not keep the process alive. */
  unref?(): void;
}

/** Deno's TCP connection. */
export interface DenoConnection extends DenoStreamConnection {
  readonly localAddr: DenoAddress;
  readonly remoteAddr: DenoAddress;
  setNoDelay(on: boolean): void;
  setKeepAlive(on: boolean): void;
}

/** Deno's listener, of any kind. */
export interface DenoStreamListener<C extends DenoStreamConnection> {
  accept(): Promise<C>;
  close(): void;
  unref?(): void;
}

/** Deno's TCP listener. */
export interface DenoListener extends DenoStreamListener<DenoConnection> {
  readonly addr: DenoAddress;
}

/** Where a UNIX socket is. */
export interface DenoUnixPath {
  readonly transport: "unix";
  readonly path: string;
}

/** Deno's UNIX connection. */
export interface DenoUnixConnection extends DenoStreamConnection {
  /** Null for an end without a name. */
  readonly remoteAddr: { readonly path: string | null };
}

/** Deno's UNIX listener. */
export type DenoUnixListener = DenoStreamListener<DenoUnixConnection>;

/** Where a UDP socket is. */
export interface DenoUdpAddress extends DenoAddress {
  readonly transport: "udp";
}

/** Deno's UDP socket. */
export interface DenoDatagrams {
  readonly addr: DenoAddress;
  receive(into: Uint8Array): Promise<[bytes: Uint8Array, from: DenoAddress]>;
  send(bytes: Uint8Array, to: DenoUdpAddress): Promise<number>;
  close(): void;
  unref?(): void;
}

/** Deno's TLS connection. */
export interface DenoTlsConnection extends DenoStreamConnection {
  readonly localAddr: DenoAddress;
  readonly remoteAddr: DenoAddress;
  handshake(): Promise<{ readonly alpnProtocol: string | null }>;
}

/** How Deno opens a file. */
export interface DenoOpenOptions {
  read: boolean;
  write: boolean;
  append: boolean;
  create: boolean;
  createNew: boolean;
  truncate: boolean;
  mode?: number;
}

/** Deno's open file. */
export interface DenoFile {
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  stat(): Promise<DenoFileInfo>;
  seek(offset: number, whence: number): Promise<number>;
  truncate(size: number): Promise<void>;
  sync(): Promise<void>;
  close(): void;
}

/** What Deno says a directory's entry is. */
export interface DenoFileKind {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  readonly isSymlink: boolean;
}

/** Deno's stat. */
export interface DenoFileInfo extends DenoFileKind {
  readonly isSocket: boolean | null;
  readonly size: number;
  readonly dev: number;
  readonly ino: number | null;
  readonly mode: number | null;
  readonly mtime: Date | null;
  readonly atime: Date | null;
  readonly birthtime: Date | null;
}

/** @throws Error on a runtime that is not Deno */
export function denoHost(): DenoHost {
  const { Deno } = globalThis as { Deno?: DenoHost };
  if (Deno !== undefined) return Deno;
  throw new Error(
    "Cannot make the backend 'deno': this runtime is not Deno; use backend-node, or backend-alt/web",
  );
}
