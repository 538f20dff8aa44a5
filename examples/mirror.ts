/**
 * Mirrors a directory over TCP: a server task serves it, eight clients fetch every file, each under a deadline, check its
 * SHA-256, write it into a temporary directory and compare. Ctrl-C in the middle stops all of it and removes the directory.
 *
 *     node mirror.ts [DIR] [--summary FILE]
 */
import {
  BufferedByteStream,
  connectTcp,
  createTcpListener,
  currentTime,
  failAfter,
  host,
  main,
  mkdir,
  moveOnAfter,
  readFile,
  rootTask,
  taskGroup,
  temporaryDirectory,
  walk,
  writeFile,
  type ByteReceiveStream,
  type ByteStream,
  type StartingTask,
} from "arborio";
import { openBelow } from "./open-below.ts";

const CLIENTS = 8;
const DEADLINE = 10_000;
/** The server's: how many it serves at once, and how long the path of a file may be, in bytes. */
const AT_ONCE = 64;
const LONGEST = 4_096;
const NEWLINE = new TextEncoder().encode("\n");
const BAR = 30;

/** Answers one request on a connection: a path in `directory`. */
export type Handler = (directory: string, connection: ByteStream) => Promise<void>;

/** What a mirror did. */
export interface Summary {
  readonly files: number;
  readonly bytes: number;
  readonly verified: number;
  readonly seconds: number;
  readonly tasksLeft: number;
}

/** Mirrors `directory`; `handler` is the server's part, exchangeable to plant faults. */
export async function mirror(
  directory: string,
  progress: (done: number, of: number, path: string) => void,
  handler: Handler = sendFile,
): Promise<Summary> {
  const began = currentTime();
  const paths = await filesOf(directory);
  const sizes = await temporaryDirectory((target) => fetchAll(directory, target, paths, progress, handler));
  return {
    files: paths.length,
    bytes: sizes.reduce((sum, size) => sum + size, 0),
    verified: sizes.length,
    seconds: (currentTime() - began) / 1000,
    tasksLeft: rootTask()?.children.length ?? 0,
  };
}

/** The files below a directory, relative to it. */
async function filesOf(directory: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { path, kind } of walk(directory))
    if (kind === "file") paths.push(path.slice(directory.length + 1));
  return paths;
}

async function fetchAll(
  directory: string,
  target: string,
  paths: readonly string[],
  progress: (done: number, of: number, path: string) => void,
  handler: Handler,
): Promise<number[]> {
  const sizes: number[] = [];
  return taskGroup(async (group) => {
    const port = await group.start<number>((task) => serve(directory, handler, task), { name: "server" });
    const shared = paths.values(); // one iterator for all clients: each path goes to one of them
    await taskGroup((clients) => {
      for (let n = 1; n <= CLIENTS; n++) clients.spawn(client, { name: `client ${String(n)}` });
    });
    group.cancel("every file is here");
    return sizes;

    async function client(): Promise<void> {
      for (const path of shared) {
        const reason = `Cannot fetch ${path}: no answer within ${String(DEADLINE)} ms`;
        const bytes = await failAfter(DEADLINE, () => fetchFile(port, path), { reason });
        await keep(bytes, `${directory}/${path}`, `${target}/${path}`);
        progress(sizes.push(bytes.length), paths.length, path);
      }
    }
  });
}

/** Writes what came, and compares it with the original. */
async function keep(bytes: Uint8Array, original: string, copy: string): Promise<void> {
  await mkdir(copy.slice(0, copy.lastIndexOf("/")), { recursive: true });
  await writeFile(copy, bytes);
  if (!equal(await readFile(original), await readFile(copy)))
    throw new Error(`Cannot keep ${copy}: it differs from ${original}`);
}

async function serve(directory: string, handler: Handler, task: StartingTask<number>): Promise<void> {
  await using listener = await createTcpListener({ host: "127.0.0.1" });
  task.started(listener.localAddress.port);
  const answer = (connection: ByteStream): Promise<unknown> =>
    moveOnAfter(DEADLINE, () => handler(directory, connection));
  await listener.serve(answer, { limit: AT_ONCE });
}

/** The server's part: `path\n` comes, `size sha256\n` and the bytes go; `none\n` if it is no file below the directory. */
export async function sendFile(directory: string, connection: ByteStream): Promise<void> {
  const path = await receiveLine(new BufferedByteStream(connection));
  await using file = await openBelow(directory, path.split("/"));
  if (file === undefined) return connection.send(encode("none\n"));
  const bytes = await receiveAll(file);
  await connection.send(encode(`${String(bytes.length)} ${await sha256(bytes)}\n`));
  await connection.send(bytes);
}

/** The client's part; finds a truncated and a corrupted transfer. */
export async function fetchFile(port: number, path: string): Promise<Uint8Array> {
  await using connection = new BufferedByteStream(await connectTcp("127.0.0.1", port));
  await connection.send(encode(`${path}\n`));
  await connection.sendEof();
  const [size = "", digest = ""] = (await receiveLine(connection)).split(" ");
  if (size === "none") throw new Error(`Cannot fetch ${path}: the server has no such file`);
  const bytes = await receiveAll(connection);
  if (bytes.length !== Number(size))
    throw new Error(`Cannot fetch ${path}: truncated, received ${String(bytes.length)} of ${size} bytes`);
  const found = await sha256(bytes);
  if (found !== digest)
    throw new Error(`Cannot fetch ${path}: corrupted, SHA-256 is ${found} and should be ${digest}`);
  return bytes;
}

async function receiveLine(stream: BufferedByteStream): Promise<string> {
  return new TextDecoder().decode(await stream.receiveUntil(NEWLINE, LONGEST));
}

async function receiveAll(stream: ByteReceiveStream): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return join(chunks);
}

function join(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(bytes)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A bar on a terminal; elsewhere a line for every hundredth file and the last. */
function showProgress(): (done: number, of: number, path: string) => void {
  const { stdout, terminal } = host();
  return (done, of, path) => {
    if (!terminal.stdout) {
      if (done % 100 === 0 || done === of)
        console.log(`${String(done)} of ${String(of)} files, the last ${path}`);
      return;
    }
    const filled = Math.round((done / of) * BAR);
    const bar = `\r[${"█".repeat(filled)}${" ".repeat(BAR - filled)}] ${String(done)} of ${String(of)}${done === of ? "\n" : ""}`;
    void stdout.write(encode(bar));
  };
}

async function program(): Promise<void> {
  const { args } = host();
  const flag = args.indexOf("--summary");
  const file = flag < 0 ? undefined : args[flag + 1];
  const [directory = decodeURIComponent(new URL("../packages", import.meta.url).pathname)] = args.filter(
    (_, at) => flag < 0 || at < flag,
  );
  const summary = await mirror(directory.replace(/\/+$/, ""), showProgress());
  console.log(
    Object.entries(summary)
      .map(([key, value]) => `${key} ${String(value)}`)
      .join(", "),
  );
  if (file !== undefined) await writeFile(file, encode(JSON.stringify(summary)));
}

if (import.meta.main) await main(program);
