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
  createTcpListener,
  getAddressInfo,
  getNameInfo,
} from "@arborio/net";
import { fails, ok } from "./assert.ts";
import type { Register } from "./suite.ts";

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

/** What a backend leaves out says so, by name. */
export function absenceTests({ run }: Register, backend: Backend): void {
  for (const [capability, name, use] of USES) {
    if (backend[capability] !== undefined) continue;
    run(
      `absence: ${name} without ${capability} is an UnsupportedError that names it and the backend`,
      async () => {
        const { message } = await fails((async () => use())(), "UnsupportedError", name);
        ok(
          message.includes(`'${backend.name}'`) && message.includes(capability),
          `names both, received ${message}`,
        );
      },
    );
  }
}
