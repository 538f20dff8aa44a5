import { define } from "./base.ts";

/** What is known of a failed call to the operating system. */
export interface OSErrorInit {
  /** POSIX, as `ENOENT` or `ECONNREFUSED`. */
  readonly code: string;
  /** What was tried, as `open` or `connect`. */
  readonly syscall: string;
  /** The file it was tried on. */
  readonly path?: string;
  /** The endpoint it was tried on, as `127.0.0.1:80` or `[::1]:80`. */
  readonly address?: string;
  /** The host's own error. */
  readonly cause?: unknown;
  /** What went wrong in words, without the code and the object; by default derived from the code. */
  readonly reason?: string;
}

const Base: new (message: string, options?: ErrorOptions) => Error = define("OSError");

/**
 * An operating system's refusal, the same on every backend: Deno's `NotFound` and Node's `ENOENT` are both
 * `OSError` with code `ENOENT`.
 */
export class OSError extends Base {
  declare readonly name: "OSError";
  readonly code: string;
  readonly syscall: string;
  readonly path: string | undefined;
  readonly address: string | undefined;

  constructor(init: OSErrorInit) {
    super(describe(init), "cause" in init ? { cause: init.cause } : undefined);
    this.code = init.code;
    this.syscall = init.syscall;
    this.path = init.path;
    this.address = init.address;
  }
}

function describe(init: OSErrorInit): string {
  const object = init.path ?? init.address;
  const where = object === undefined ? "" : ` ${object}`;
  return `Cannot ${init.syscall}${where}: ${init.reason ?? REASONS[init.code] ?? "the system refused"} (${init.code})`;
}

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EADDRINUSE: "address already in use",
  EADDRNOTAVAIL: "address not available",
  EBADF: "bad file descriptor",
  EBUSY: "resource busy",
  ECONNABORTED: "connection aborted",
  ECONNREFUSED: "connection refused",
  ECONNRESET: "connection reset by peer",
  EEXIST: "it exists already",
  EHOSTUNREACH: "host unreachable",
  EINVAL: "invalid argument",
  EIO: "input/output error",
  EISDIR: "it is a directory",
  ELOOP: "too many symbolic links",
  EMFILE: "too many open files",
  EMSGSIZE: "message too long",
  ENAMETOOLONG: "name too long",
  ENETUNREACH: "network unreachable",
  ENOENT: "no such file or directory",
  ENOSPC: "no space left on device",
  ENOTCONN: "not connected",
  ENOTDIR: "not a directory",
  ENOTEMPTY: "directory not empty",
  ENOTFOUND: "host not found",
  EPERM: "operation not permitted",
  EPIPE: "broken pipe",
  EPROTO: "protocol error",
  EROFS: "read-only file system",
  ETIMEDOUT: "timed out",
  EXDEV: "cross-device link",
};
