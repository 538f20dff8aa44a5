import { host } from "@arborio/core";
import type { Backend, Capability } from "@arborio/core/backend";
import {
  exists,
  mkdir,
  openFile,
  readDirectory,
  readFile,
  remove,
  stat,
  temporaryDirectory,
  walk,
  writeFile,
} from "@arborio/fs";
import {
  adoptTcpSocket,
  asConnectable,
  connectTcp,
  connectUnix,
  createConnectedUdpSocket,
  createTcpListener,
  createUdpSocket,
  createUnixListener,
  getAddressInfo,
  getNameInfo,
  UnixConnectable,
} from "@arborio/net";
import { fails, ok } from "./assert.ts";
import type { Register } from "./suite.ts";

type Uses = readonly (readonly [name: string, use: () => unknown])[];

const USES: readonly (readonly [Capability, string, () => unknown])[] = [
  ["net", "connectTcp", () => connectTcp("127.0.0.1", 1)],
  ["net", "adoptTcpSocket", () => adoptTcpSocket({})],
  ["net", "asConnectable", () => asConnectable(["127.0.0.1", 1]).connect()],
  ["net", "getAddressInfo", () => getAddressInfo("localhost")],
  ["net", "getNameInfo", () => getNameInfo("127.0.0.1", 1)],
  ["net", "createTcpListener", () => createTcpListener()],
  ["fs", "openFile", () => openFile("x")],
  ["fs", "readFile", () => readFile("x")],
  ["fs", "writeFile", () => writeFile("x", "")],
  ["fs", "stat", () => stat("x")],
  ["fs", "exists", () => exists("x")],
  ["fs", "mkdir", () => mkdir("x")],
  ["fs", "remove", () => remove("x")],
  ["fs", "readDirectory", () => readDirectory("x")],
  ["fs", "walk", () => walk("x").next()],
  ["fs", "temporaryDirectory", () => temporaryDirectory(() => {})],
  ["host", "host", () => host()],
];

const UNIX: Uses = [
  ["connectUnix", () => connectUnix("x")],
  ["createUnixListener", () => createUnixListener("x")],
  ["UnixConnectable", () => new UnixConnectable("x").connect()],
];

const UDP: Uses = [
  ["createUdpSocket", () => createUdpSocket()],
  ["createConnectedUdpSocket", () => createConnectedUdpSocket("127.0.0.1", 1)],
];

/** What a backend leaves out says so, by name. */
export function absenceTests({ run }: Register, backend: Backend): void {
  const { net } = backend;
  const lacks = (what: string, uses: Uses): void => {
    for (const [name, use] of uses) {
      run(
        `absence: ${name} without ${what} is an UnsupportedError that names it and the backend`,
        async () => {
          const { message } = await fails((async () => use())(), "UnsupportedError", name);
          ok(
            message.includes(`'${backend.name}'`) && message.includes(what),
            `names both, received ${message}`,
          );
        },
      );
    }
  };
  for (const [capability, name, use] of USES) {
    if (backend[capability] === undefined) lacks(capability, [[name, use]]);
  }
  if (net?.unix === undefined) lacks(net === undefined ? "net" : "UNIX sockets", UNIX);
  if (net?.udp === undefined) lacks(net === undefined ? "net" : "UDP", UDP);
}
