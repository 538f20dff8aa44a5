// No server that a README, a page or an example shows dies by a peer: each is started as it stands there, and attacked; then
// it must serve a good client, and end as it would have.
import { certificates } from "@arborio/conformance";
import { locate } from "@arborio-internal/runtimes";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import {
  connect,
  createServer,
  type AddressInfo,
  type NetConnectOpts,
  type Server,
  type Socket,
} from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { connect as connectTls } from "node:tls";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { start, type Running } from "../running.ts";
import { files, read, root } from "../workspace.ts";
import type { Block } from "./blocks.ts";
import { allBlocks } from "./index.ts";
import { attack, attackUdp, type TlsOf } from "./servers/attacks.ts";

const SERVES = /\.serve\(|\bcreateUdpSocket\(/;
const CONNECTS = /\bconnect(?:Tcp|Unix)\(|\bcreateConnectedUdpSocket\(/;
const here = "Deno" in globalThis ? "it starts processes of Node and of Deno itself" : undefined;

const blocks = allBlocks().filter(({ code }) => SERVES.test(code));
let scratch = "";
let pages = "";
let site = "";

beforeAll(async () => {
  scratch = await mkdtemp(path.join(tmpdir(), "servers-"));
  site = path.join(scratch, "site");
  await mkdir(path.join(site, "deep"), { recursive: true });
  for (const name of ["one", "deep/two", "deep/three"]) await writeFile(path.join(site, name), name);
  const { authority, server } = await certificates();
  const pems = { "server.pem": server.certificate, "server.key": server.key, "authority.pem": authority };
  for (const [name, text] of Object.entries(pems)) await writeFile(path.join(scratch, name), text);
  // In the repository, so that imports resolve as a reader's would.
  pages = await mkdtemp(path.join(root, "examples", ".servers-"));
});
afterAll(async () => {
  for (const folder of [scratch, pages]) await rm(folder, { recursive: true });
});

test("every server that is shown is among these", () => {
  expect(blocks.filter(({ treatment }) => treatment === "read")).toEqual([]);
  const programs = files("examples/**/*.ts").filter(
    (name) => !name.endsWith(".test.ts") && SERVES.test(read(name)),
  );
  expect(programs).toEqual(Object.keys(EXAMPLES).sort());
  expect(blocks.length).toBeGreaterThan(7);
});

describe.skipIf(here !== undefined)("on the pages", () => {
  for (const [at, block] of blocks.entries())
    test(block.place, async () => {
      const file = path.join(pages, `block-${String(at)}.ts`);
      await writeFile(file, adapted(block));
      const own = CONNECTS.test(block.code);
      const program = hold(path.relative(root, file), [], own);
      const secure = block.code.includes("createTlsListener");
      if (!own) return serveStrangers(program, echoBy(secure ? connectSecurely : connectPlainly), secure);
      const says = [...block.code.matchAll(/console\.log\(.*\/\/ (.+)$/gm)].map(([, line]) => line!);
      await attackBeside(program, says, { quiet: !block.code.includes("console.error") });
    });
});

/** How each example that serves is run: with a client of its own, which comes after the attacks, or with one of ours. */
const EXAMPLES: Readonly<Record<string, () => Promise<void>>> = {
  "examples/echo.ts": () => attackBeside(hold("examples/echo.ts", [], true), ["hello"]),
  "examples/http/server.ts": () => serveStrangers(hold("examples/http.ts", [site], false), fetchOne),
  "examples/mirror.ts": () => attackBeside(hold("examples/mirror.ts", [site], true), [/^files 3, /]),
  "examples/proxy.ts": () => attackProxy((port) => hold("examples/proxy.ts", ["127.0.0.1", port], false)),
  "examples/starttls.ts": async () => {
    const pems = ["server.pem", "server.key", "authority.pem"].map((name) => path.join(scratch, name));
    await attackBeside(hold("examples/starttls.ts", pems, true), ["< 221 bye"], { before: "STARTTLS\n" });
  },
  "examples/udp-ping.ts": () =>
    attackBeside(hold("examples/udp-ping.ts", ["3"], true), [/^3 pings answered/]),
};

describe.skipIf(here !== undefined)("of the examples", () => {
  for (const [name, run] of Object.entries(EXAMPLES)) test(name, run);
});

// What says its port by itself, and so needs nothing of Node's.
const { reason: missing = here } = locate("deno");
describe.skipIf(missing !== undefined)("on Deno", () => {
  const deno = (file: string, ...args: string[]): Running => start("deno", `examples/${file}`, args);
  test("examples/echo.ts", () => serveStrangers(deno("echo.ts", "--serve"), echoBy(connectPlainly)));
  test("examples/http.ts", () => serveStrangers(deno("http.ts", site), fetchOne));
  test("examples/proxy.ts", () => attackProxy((port) => deno("proxy.ts", "127.0.0.1", port)));
});

/** As it stands there, but for files, for where it listens, and for the time that it and its own client have. */
function adapted({ code }: Block): string {
  return (
    code
      .replace(/"(server\.(?:pem|key))"/g, (_, name: string) => JSON.stringify(path.join(scratch, name)))
      .replace("0.0.0.0", "127.0.0.1")
      .replace("8443", "0")
      .replace(/\b2_000\b/, "60_000")
      // How long it serves: strangers stand before its own client in the queue.
      .replace("moveOnAfter(20,", "moveOnAfter(1_000,")
  );
}

function hold(program: string, args: string[], own: boolean): Running {
  const preload = path.join(import.meta.dirname, "servers", "held.ts");
  return start("node", program, args, { flags: [`--import=${preload}`], env: { HOLD: own ? "1" : "0" } });
}

interface Beside {
  /** Whether it has nothing to say on stderr. */
  readonly quiet?: boolean;
  readonly before?: string;
}

/** Attacks a program whose own client waits; lets that go on, and the program end. */
async function attackBeside(
  program: Running,
  says: readonly (string | RegExp)[],
  { quiet = true, before }: Beside = {},
): Promise<void> {
  await program.printed(/^@held /);
  const releases: (() => void)[] = [];
  for (const where of listenersOf(program))
    releases.push(await attack(where, before === undefined ? undefined : await tlsOf(before)));
  // The server's: its client's own socket is bound after it.
  for (const port of portsOf(program, "udp").slice(0, 1)) await attackUdp(port);
  program.end();
  await Promise.race([Promise.all(says.map((line) => program.printed(line))), program.ended]);
  for (const release of releases) release();
  const { code, stdout, stderr } = await program.ended;
  expect({ code, stderr: quiet ? stderr : "" }, stdout).toEqual({ code: 0, stderr: "" });
  for (const line of says) expect(program.lines()).toContainEqual(expect.stringMatching(line));
}

/** Attacks a program that serves until it is stopped, is its good client, and stops it. */
async function serveStrangers(
  program: Running,
  good: (port: number) => Promise<string>,
  secure: boolean = false,
): Promise<void> {
  const line = await program.printed(/^@listens |\bport \d+$|^http:\/\//);
  const port = Number(/(\d+)\D*$/.exec(line)![1]);
  const release = await attack({ host: "127.0.0.1", port }, secure ? await tlsOf() : undefined);
  const answer = await Promise.race([good(port), program.ended]);
  release();
  program.signal("SIGINT");
  program.end();
  const { code, stderr } = await program.ended;
  expect({ answer, code, stderr }).toEqual({ answer: "one", code: 130, stderr: "" });
}

/** A proxy between strangers, before a server that is no better: each connection it treats otherwise. */
async function attackProxy(run: (port: string) => Running): Promise<void> {
  const bad: readonly ((socket: Socket) => unknown)[] = [
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.once("data", () => socket.resetAndDestroy()),
    (socket) => socket.end(),
    (socket) => socket.write(new Uint8Array(1 << 20), () => socket.resetAndDestroy()),
    () => {},
  ];
  let served = 0;
  let echoes = false;
  const upstream: Server = createServer((socket) => {
    socket.on("error", () => {});
    if (echoes) socket.pipe(socket);
    else bad[served++ % bad.length]!(socket);
  });
  await once(upstream.listen(0, "127.0.0.1"), "listening");
  const { port } = upstream.address() as AddressInfo;
  const good = async (own: number): Promise<string> => {
    for (let i = 0; i < 3 * bad.length; i++) await endOf(await connectPlainly(own), i % 2 === 0);
    echoes = true;
    return echoBy(connectPlainly)(own);
  };
  try {
    await serveStrangers(run(String(port)), good);
  } finally {
    upstream.close();
  }
}

/** Sends something, and goes away: in one way or the other. */
async function endOf(socket: Socket, resets: boolean): Promise<void> {
  const closed = once(socket.on("error", () => {}).resume(), "close");
  socket.write("x", () => (resets ? socket.resetAndDestroy() : socket.destroy()));
  await closed;
}

function listenersOf(program: Running): NetConnectOpts[] {
  const paths = program.lines().flatMap((line) => /^@held .*"path":"(.+)"/.exec(line)?.[1] ?? []);
  if (paths.length > 0) return [{ path: paths[0]! }];
  return portsOf(program, "listens").map((port) => ({ host: "127.0.0.1", port }));
}

function portsOf(program: Running, what: string): number[] {
  return program.lines().flatMap((line) => {
    const [, port] = new RegExp(`^@${what} .*"port":(\\d+)`).exec(line) ?? [];
    return port === undefined ? [] : [Number(port)];
  });
}

async function tlsOf(before?: string): Promise<TlsOf> {
  const { authority } = await certificates();
  return before === undefined ? { authority } : { authority, before };
}

async function connectPlainly(port: number): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port });
  await once(socket, "connect");
  return socket;
}

async function connectSecurely(port: number): Promise<Socket> {
  const { authority } = await certificates();
  const socket = connectTls({ host: "127.0.0.1", port, ca: authority, servername: "localhost" });
  await once(socket, "secureConnect");
  return socket;
}

function echoBy(connected: (port: number) => Promise<Socket>): (port: number) => Promise<string> {
  return async (port) => {
    const socket = await connected(port);
    socket.on("error", () => {}).write("one");
    const [bytes] = (await once(socket, "data")) as [Buffer];
    socket.destroy();
    return String(bytes);
  };
}

async function fetchOne(port: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${String(port)}/one`, { headers: { connection: "close" } });
  return response.text();
}
