import {
  connectTcp,
  connectUnix,
  createTcpListener,
  createTlsListener,
  createUnixListener,
} from "@arborio/net";
import { openTemporaryDirectory } from "@arborio/fs";
import type { NetBackend } from "@arborio/core/backend";
import type { ByteStream, Listener } from "@arborio/streams";
import { certificates } from "./certificates.ts";

/** A listener, and how to connect to it. */
export interface MeetingPlace {
  readonly listener: Listener<ByteStream>;
  readonly connect: () => Promise<ByteStream>;
  readonly close: () => Promise<void>;
}

export type OpenPlace = () => Promise<MeetingPlace>;

const LOOPBACK = "127.0.0.1";

/** One of each kind that the network has. */
export function meetingPlaces({ unix, tls }: NetBackend): Readonly<Record<string, OpenPlace>> {
  return { TCP: tcpPlace, ...(unix && { UNIX: unixPlace }), ...(tls && { TLS: tlsPlace }) };
}

export async function tcpPlace(): Promise<MeetingPlace> {
  const listener = await createTcpListener({ host: LOOPBACK });
  const { port } = listener.localAddress;
  return { listener, connect: () => connectTcp(LOOPBACK, port), close: () => listener.close() };
}

async function unixPlace(): Promise<MeetingPlace> {
  const folder = await openTemporaryDirectory();
  const path = `${folder.path}/socket`;
  const listener = await createUnixListener(path);
  const close = (): Promise<void> => listener.close().then(() => folder[Symbol.asyncDispose]());
  return { listener, connect: () => connectUnix(path), close };
}

async function tlsPlace(): Promise<MeetingPlace> {
  const { authority, server } = await certificates();
  // Without a deadline of its own: a deadline has the clock looked at.
  const listener = await createTlsListener({ host: LOOPBACK, ...server, handshakeTimeout: Infinity });
  const { port } = listener.listener.localAddress;
  const tls = { ca: authority, serverName: "localhost" };
  return { listener, connect: () => connectTcp(LOOPBACK, port, { tls }), close: () => listener.close() };
}
