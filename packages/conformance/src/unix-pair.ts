import { host } from "@arborio/core";
import { temporaryDirectory } from "@arborio/fs";
import { connectUnix, createUnixListener, type UnixListener, type UnixStream } from "@arborio/net";
import type { Register } from "./suite.ts";

/** Both ends of a UNIX connection, and the listener it came by. */
export interface UnixPair {
  readonly path: string;
  readonly listener: UnixListener;
  readonly client: UnixStream;
  readonly server: UnixStream;
  /** There is no such thing between UNIX sockets. */
  readonly resets: false;
}

type Use = (path: string) => Promise<void>;

/** The kinds of names, and what runs a test with one of its own. */
const kinds: Record<string, (use: Use) => Promise<void>> = {
  "a path": (use) => temporaryDirectory((folder) => use(`${folder}/socket`)),
  "an abstract name": async (use) => {
    // Linux alone has them.
    if (host().platform === "linux") await use(`\0arborio-${String(Math.random())}`);
  },
};

/** Registers a test with each kind of name. */
export function withName({ run }: Register, title: string, use: Use): void {
  for (const [kind, withOne] of Object.entries(kinds)) run(`UNIX, ${kind}: ${title}`, () => withOne(use));
}

/** Registers a test of a connection by each kind of name; all is closed after it. */
export function withUnixPair(register: Register, title: string, fn: (pair: UnixPair) => Promise<void>): void {
  withName(register, title, async (path) => {
    const listener = await createUnixListener(path);
    const [client, server] = await Promise.all([connectUnix(path), listener.accept()]);
    try {
      await fn({ path, listener, client, server, resets: false });
    } finally {
      for (const open of [client, server, listener]) await open[Symbol.asyncDispose]();
    }
  });
}
