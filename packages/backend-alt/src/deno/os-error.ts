import { OSError } from "@arborio/core/backend";

/** What was tried, and on what. */
export interface Attempt {
  readonly syscall: string;
  readonly path?: string;
  readonly address?: string;
}

// Deno's classes, for the errors to which it gives no `code`: those it makes itself.
const CODES: Readonly<Record<string, string>> = {
  AddrInUse: "EADDRINUSE",
  AddrNotAvailable: "EADDRNOTAVAIL",
  AlreadyExists: "EEXIST",
  BadResource: "EBADF",
  BrokenPipe: "EPIPE",
  Busy: "EBUSY",
  ConnectionAborted: "ECONNABORTED",
  ConnectionRefused: "ECONNREFUSED",
  ConnectionReset: "ECONNRESET",
  FilesystemLoop: "ELOOP",
  Interrupted: "EINTR",
  InvalidData: "EINVAL",
  IsADirectory: "EISDIR",
  NetworkUnreachable: "ENETUNREACH",
  NotADirectory: "ENOTDIR",
  NotCapable: "EACCES",
  NotConnected: "ENOTCONN",
  NotFound: "ENOENT",
  PermissionDenied: "EACCES",
  TimedOut: "ETIMEDOUT",
  TypeError: "EINVAL",
  UnexpectedEof: "EIO",
  WouldBlock: "EAGAIN",
  WriteZero: "EIO",
};

/** Deno's error as an OSError. */
export function osError(cause: unknown, attempt: Attempt): OSError {
  return new OSError({ ...attempt, code: codeOf(cause), cause, ...denial(cause) });
}

/** The reason of an error of Deno's permissions: the system would have allowed it. */
function denial(error: unknown): { readonly reason?: string } {
  const { name, message } = Object(error) as Partial<Error>;
  const flag = name === "NotCapable" ? /--allow-[a-z]+/.exec(String(message))?.[0] : undefined;
  return flag === undefined ? {} : { reason: denialOf(flag) };
}

/** What a denial says. */
export function denialOf(flag: string): string {
  return `Deno's permissions deny it, and ${flag} allows it`;
}

/** The promise, with its rejection as an OSError. */
export function attempted<T>(promise: Promise<T>, attempt: Attempt): Promise<T> {
  return promise.catch((error: unknown) => {
    throw osError(error, attempt);
  });
}

/** What uses of a closed descriptor reject with. */
export function badDescriptor(attempt: Attempt): OSError {
  return new OSError({ ...attempt, code: "EBADF" });
}

/** The POSIX code of a host's error. */
export function codeOf(error: unknown): string {
  const { code, name, message } = Object(error) as { code?: unknown; name?: unknown; message?: unknown };
  if (typeof code === "string" && /^E[A-Z0-9_]+$/.test(code)) return code;
  // A name that the resolver does not know is a bare Error.
  if (/failed to lookup address/.test(String(message))) return "ENOTFOUND";
  return CODES[String(name)] ?? "EIO";
}
