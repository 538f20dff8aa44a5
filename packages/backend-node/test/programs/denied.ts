// Says what each function comes to without the permission for it; it is given the permissions that are denied: net, files, env.
import { host, run } from "@arborio/core";
import {
  mkdir,
  openFile,
  readDirectory,
  readFile,
  remove,
  stat,
  temporaryDirectory,
  writeFile,
} from "@arborio/fs";
import {
  connectTcp,
  connectUnix,
  createConnectedUdpSocket,
  createTcpListener,
  createTlsListener,
  createUdpSocket,
  createUnixListener,
  getAddressInfo,
  getNameInfo,
} from "@arborio/net";
import { backend } from "./backend.ts";

const FILE = "/no/file";
const denied = backend.host!.args;

const uses: Record<string, Record<string, () => unknown>> = {
  net: {
    createTcpListener: () => createTcpListener(),
    "createTcpListener at every interface": () => createTcpListener({ host: null }),
    // Imported here: the suite is not for a Node that leaves the network alone.
    createTlsListener: async () =>
      createTlsListener((await (await import("@arborio/conformance")).certificates()).server),
    "createUnixListener, abstract": () => createUnixListener("\0arborio-denied"),
    connectTcp: () => connectTcp("127.0.0.1", 9),
    "connectTcp by name": () => connectTcp("localhost", 9),
    "connectTcp with TLS": () => connectTcp("127.0.0.1", 9, { tls: true }),
    "connectUnix, abstract": () => connectUnix("\0arborio-denied"),
    getAddressInfo: () => getAddressInfo("localhost"),
    getNameInfo: () => getNameInfo("127.0.0.1", 80),
    createUdpSocket: () => createUdpSocket(),
    createConnectedUdpSocket: () => createConnectedUdpSocket("127.0.0.1", 9),
    ...(!backend.net!.lacks.has("local-address") && {
      "connectTcp from a local address": () => connectTcp("127.0.0.1", 9, { localHost: "127.0.0.1" }),
    }),
  },
  // UNIX sockets are of the network on Node, of files on Deno.
  unix: {
    createUnixListener: () => createUnixListener(FILE),
    "createUnixListener with a mode": () => createUnixListener(FILE, { mode: 0o600 }),
    connectUnix: () => connectUnix(FILE),
  },
  files: {
    readFile: () => readFile(FILE),
    writeFile: () => writeFile(FILE, ""),
    openFile: () => openFile(FILE, { mode: "w" }),
    stat: () => stat(FILE),
    mkdir: () => mkdir(FILE),
    "mkdir, recursive": () => mkdir(FILE, { recursive: true }),
    remove: () => remove(FILE),
    "remove, recursive": () => remove(FILE, { recursive: true }),
    readDirectory: () => readDirectory(FILE),
    temporaryDirectory: () => temporaryDirectory(() => {}),
  },
  env: { host: () => host().env("HOME") },
};

await run(
  async () => {
    for (const permission of denied) {
      for (const [name, use] of Object.entries(uses[permission]!)) {
        try {
          await use();
          console.log(`${name}: it was allowed`);
        } catch (error) {
          console.log(`${name}: ${String(error)}`);
        }
      }
    }
  },
  { backend },
);
