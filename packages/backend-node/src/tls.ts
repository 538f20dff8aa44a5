import {
  oneLine,
  type RawSocket,
  type RawStream,
  type RawTlsSide,
  type RawTlsStream,
  type SocketAddress,
  type TlsBackend,
  type UnixAddress,
} from "@arborio/core/backend";
import { connect, type TLSSocket } from "node:tls";
import { RecordDuplex } from "./record-duplex.ts";
import { formatAddress } from "./socket.ts";
import { certificateError, tlsError } from "./tls-error.ts";
import { clientOptions } from "./tls-options.ts";
import { TlsServer, type Fail } from "./tls-server.ts";
import { NodeTlsStream, type Below } from "./tls-stream.ts";

/**
 * TLS by `node:tls`, always over our own transport of records: on its own sockets Node is faster, but does not tell a
 * truncation from an end, and a server does not learn that a client left during the handshake (decision 0012).
 */
export function createTls(): TlsBackend {
  return {
    lacks: new Set(),
    prepare: async (server) => {
      try {
        TlsServer.of(server);
      } catch (error) {
        throw refused(error);
      }
    },
    connect: (socket, client, signal) => wrap(socket, { client }, signal),
    accept: (socket, server, signal) => wrap(socket, { server }, signal),
    wrap,
  };
}

async function wrap(transport: RawStream, side: RawTlsSide, signal: AbortSignal): Promise<RawTlsStream> {
  const records = new RecordDuplex(transport);
  const below: Below = { where: where(transport), close: (options) => transport.close(options) };
  const socket = await shake(records, side, below, signal);
  return new NodeTlsStream(socket, below, records, side);
}

function shake(
  records: RecordDuplex,
  side: RawTlsSide,
  below: Below,
  signal: AbortSignal,
): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    let over = false;
    const end = (error: unknown, abort: boolean): void => {
      // What fails later is its reader's.
      if (over) return;
      over = true;
      signal.removeEventListener("abort", cancel);
      records.destroy();
      void below.close({ abort });
      reject(error);
    };
    const cancel = (): void => end(signal.reason, true);
    const fail: Fail = (error, refused = false) => {
      const attempt = { syscall: "handshake", ...below.where };
      const why = refused && records.failure === undefined ? certificateError : tlsError;
      end(why(records.failure ?? error, attempt), false);
    };
    const done = (socket: TLSSocket): void => {
      if (over) return;
      over = true;
      signal.removeEventListener("abort", cancel);
      watch(socket, records);
      resolve(socket);
    };
    if (signal.aborted) return cancel();
    signal.addEventListener("abort", cancel, { once: true });
    // The engine does not tell of each failed write, nor a server's of an end.
    records.on("error", fail).once("end", () => fail({ code: "ECONNRESET" }));
    try {
      begin(records, side, done, fail);
    } catch (error) {
      end(refused(error), false);
    }
  });
}

function begin(
  records: RecordDuplex,
  { client, server }: RawTlsSide,
  done: (socket: TLSSocket) => void,
  fail: Fail,
): void {
  if (client === undefined) return TlsServer.of(server).shake(records, done, fail);
  const socket = connect({ ...clientOptions(client), socket: records });
  socket.on("error", (error) => fail(error, Boolean(socket.authorizationError)));
  socket.once("secureConnect", () => done(socket));
}

/** Node makes its engine at once: what it throws then is of the options, as a key that is none. */
function refused(cause: unknown): TypeError {
  const reason = oneLine(String((cause as Error).message), 200);
  return new TypeError(`Cannot start TLS: the host refuses the options, ${reason}`, { cause });
}

/**
 * Looks at what the engine gives. It says its end by `push(null)` at once: the only moment at which it is known after which
 * record. When nobody reads, it is the records that stop: Deno's engine, told to stop, loses an end that it has found already.
 */
function watch(socket: TLSSocket, records: RecordDuplex): void {
  const push = socket.push.bind(socket);
  const read = socket._read.bind(socket);
  socket.push = (chunk: unknown, encoding?: BufferEncoding): boolean => {
    if (chunk === null) records.finish();
    if (!push(chunk, encoding)) records.hold();
    return true;
  };
  socket._read = (size) => {
    read(size);
    records.goOn();
  };
}

function where(transport: RawStream): Below["where"] {
  const { remoteAddress } = transport as Partial<RawSocket<unknown>>;
  const { address, port, path } = Object(remoteAddress) as Partial<SocketAddress & UnixAddress>;
  if (address !== undefined && port !== undefined) return { address: formatAddress(address, port) };
  return path === undefined ? {} : { address: path };
}
