import { checkVariable, type Host, type HostOutput } from "@arborio/core/backend";
import type { DenoHost, DenoOutput } from "./host-types.ts";
import { attempted, osError } from "./os-error.ts";

/** The process. */
export function createHost(deno: DenoHost): Host {
  return {
    get args() {
      return deno.args;
    },
    env(name) {
      checkVariable(name);
      return isOwn(name) && !mayRead(deno, name) ? undefined : variable(deno, name);
    },
    platform: deno.build.os === "windows" ? "win32" : deno.build.os,
    stdin: { read: (maxBytes) => attempted(read(deno, maxBytes), { syscall: "read", path: "stdin" }) },
    stdout: createOutput(() => deno.stdout, "stdout"),
    stderr: createOutput(() => deno.stderr, "stderr"),
    terminal: {
      get stdin() {
        return deno.stdin.isTerminal();
      },
      get stdout() {
        return deno.stdout.isTerminal();
      },
      get stderr() {
        return deno.stderr.isTerminal();
      },
      get columns() {
        return deno.stdout.isTerminal() ? deno.consoleSize().columns : undefined;
      },
    },
    setExitCode(code) {
      deno.exitCode = code;
    },
    exit: (code) => deno.exit(code),
  };
}

// The library's own variables are looked at in every run: they are not worth asking the user for a permission.
function isOwn(variable: string): boolean {
  return variable.startsWith("ARBORIO_");
}

function variable(deno: DenoHost, name: string): string | undefined {
  try {
    return deno.env.get(name);
  } catch (error) {
    throw osError(error, { syscall: `read the environment variable ${name}` });
  }
}

function mayRead(deno: DenoHost, variable: string): boolean {
  return deno.permissions.querySync({ name: "env", variable }).state === "granted";
}

// A larger read is given in parts: the memory is taken before it is known how much there is.
const LARGEST_READ = 1 << 16;

async function read(deno: DenoHost, maxBytes: number): Promise<Uint8Array | null> {
  const buffer = new Uint8Array(Math.min(maxBytes, LARGEST_READ));
  const length = await deno.stdin.read(buffer);
  return length === null ? null : buffer.subarray(0, length);
}

function createOutput(output: () => DenoOutput, path: string): HostOutput {
  return { write: (bytes) => attempted(writeAll(output(), bytes), { syscall: "write", path }) };
}

async function writeAll(output: DenoOutput, bytes: Uint8Array): Promise<void> {
  for (let sent = 0; sent < bytes.length;) sent += await output.write(bytes.subarray(sent));
}
