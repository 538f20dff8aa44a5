import type { WaitOptions } from "@arborio/core";
import type { FsBackend, RawOpenOptions } from "@arborio/core/backend";
import {
  capability,
  checkHostBytes,
  isBytes,
  performShielded,
  settling,
  wrongType,
} from "@arborio/core/lowlevel";
import { receiveAll } from "@arborio/streams/lowlevel";
import { checkPath } from "./arguments.ts";
import { openFile, rawOptions } from "./open-file.ts";

/** How a whole file is written. */
export interface WriteOptions extends WaitOptions {
  /** `w`, the default, replaces what was there, `a` appends, `x` fails with `EEXIST` if there is something. */
  readonly mode?: "w" | "a" | "x" | undefined;
  /** Permission bits of a file that is made, by default 0o666; the process's umask applies. */
  readonly permissions?: number | undefined;
}

const CHUNK = 1 << 18;

/**
 * All bytes of a file.
 *
 * **Throws** OSError that names the path, as `ENOENT`, `EISDIR`.
 */
export function readFile(path: string, options: WaitOptions = {}): Promise<Uint8Array> {
  checkPath("read the file", path);
  return settling(readAll(path, options), (bytes) => bytes);
}

/** All of a file as text: UTF-8, its byte order mark left out, what is no UTF-8 as U+FFFD. Throws as {@link readFile}. */
export function readTextFile(path: string, options: WaitOptions = {}): Promise<string> {
  checkPath("read the file", path);
  return settling(readAll(path, options), (bytes) => new TextDecoder().decode(bytes));
}

/**
 * Writes a whole file: opens it, writes (text as UTF-8), closes it.
 *
 * **Cancellation** Once begun it is waited for, so it is never left half written by a cancellation, which is seen at the
 * next checkpoint. Other readers may see a part; after a crash a part may be there.
 *
 * **Throws** OSError that names the path, as `ENOENT`, `EEXIST`, `ENOSPC`.
 */
export function writeFile(
  path: string,
  data: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  const { mode = "w", permissions, signal } = options;
  checkPath("write the file", path);
  const how = rawOptions("write the file", mode, permissions);
  const bytes = bytesOf(data);
  return performShielded(() => writeAll(capability("fs", "write the file", signal), path, how, bytes), {
    signal,
    waitingFor: `${path} to be written`,
  });
}

async function readAll(path: string, options: WaitOptions): Promise<Uint8Array> {
  const file = await openFile(path, { signal: options.signal });
  try {
    const chunks: Uint8Array[] = [];
    const read = (): Promise<Uint8Array> => file.read(CHUNK, options);
    for await (const chunk of receiveAll(read)) chunks.push(chunk);
    return joined(chunks);
  } finally {
    await file[Symbol.asyncDispose]();
  }
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [first = new Uint8Array(), ...rest] = chunks;
  if (rest.length === 0) return first;
  const whole = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

async function writeAll(fs: FsBackend, path: string, how: RawOpenOptions, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(path, how);
  try {
    await file.write(bytes);
  } finally {
    await file.close();
  }
}

function bytesOf(data: string | Uint8Array): Uint8Array {
  if (typeof data === "string") return new TextEncoder().encode(data);
  if (!isBytes(data)) throw wrongType("write the file", "it takes a string or a Uint8Array", data);
  return checkHostBytes("write the file", data);
}
