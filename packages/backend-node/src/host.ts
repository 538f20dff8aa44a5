import { checkVariable, type Host, type HostInput, type HostOutput } from "@arborio/core/backend";
import type { Writable } from "node:stream";
import { osError } from "./os-error.ts";
import { PausedReader } from "./paused-reader.ts";

/** The process. Its standard streams are opened at their first use, for opening them has effects. */
export function createHost(): Host {
  return {
    get args() {
      return process.argv.slice(2);
    },
    env: (name) => process.env[checkVariable(name)],
    platform: process.platform,
    stdin: createInput(),
    stdout: createOutput(() => process.stdout, "stdout"),
    stderr: createOutput(() => process.stderr, "stderr"),
    terminal: {
      get stdin() {
        return process.stdin.isTTY === true;
      },
      get stdout() {
        return process.stdout.isTTY === true;
      },
      get stderr() {
        return process.stderr.isTTY === true;
      },
      get columns() {
        return process.stdout.isTTY === true ? process.stdout.columns : undefined;
      },
    },
    setExitCode(code) {
      process.exitCode = code;
    },
    exit: (code) => process.exit(code),
  };
}

function createInput(): HostInput {
  let reader: PausedReader | undefined;
  return { read: (maxBytes) => (reader ??= openInput()).read(maxBytes) };
}

function openInput(): PausedReader {
  const { stdin } = process;
  // A read that nobody waits for any more must not keep the process alive; a live root does that.
  (stdin as { unref?: () => void }).unref?.();
  return new PausedReader(stdin, (error) => osError(error, { syscall: "read", path: "stdin" }));
}

function createOutput(stream: () => Writable, path: string): HostOutput {
  let opened: Writable | undefined;
  const open = (): Writable => {
    // Each write is told of its failure; without a listener the first one would end the process besides.
    opened ??= stream().on("error", () => {});
    return opened;
  };
  return {
    write: (bytes) =>
      new Promise((resolve, reject) => {
        open().write(bytes, (error) =>
          error ? reject(osError(error, { syscall: "write", path })) : resolve(),
        );
      }),
  };
}
