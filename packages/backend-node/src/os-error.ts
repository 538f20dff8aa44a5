import { OSError } from "@arborio/core/backend";

/** What was tried, and on what. */
export interface Attempt {
  readonly syscall: string;
  readonly path?: string;
  readonly address?: string;
}

// Node's own codes, where the system has one for the same.
const CODES: Readonly<Record<string, string>> = {
  ERR_ACCESS_DENIED: "EACCES",
  ERR_FS_EISDIR: "EISDIR",
  ERR_INVALID_ARG_VALUE: "EINVAL",
  ERR_OUT_OF_RANGE: "EINVAL",
  ERR_SOCKET_CLOSED: "EBADF",
  ERR_STREAM_DESTROYED: "EBADF",
  ERR_STREAM_PREMATURE_CLOSE: "EBADF",
  ERR_STREAM_WRITE_AFTER_END: "EPIPE",
};

/** Node's error as an OSError. */
export function osError(cause: unknown, attempt: Attempt): OSError {
  return new OSError({ ...attempt, code: codeOf(cause), cause, ...denial(cause) });
}

/** The flags of Node's permission model. Its errors of the network do not name the permission. */
const FLAGS: Readonly<Record<string, string>> = {
  FileSystemRead: "--allow-fs-read",
  FileSystemWrite: "--allow-fs-write",
};

/** The reason of an error of the permission model: the system would have allowed it. */
function denial(error: unknown): { readonly reason?: string } {
  const { code, permission } = Object(error) as { code?: unknown; permission?: unknown };
  if (code !== "ERR_ACCESS_DENIED") return {};
  const flag = FLAGS[String(permission)] ?? "--allow-net";
  return { reason: `Node's permission model denies it, and ${flag} allows it` };
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
  const { code } = Object(error) as { code?: unknown };
  if (typeof code !== "string") return "EIO";
  return CODES[code] ?? (/^E(?!RR_)[A-Z0-9_]+$/.test(code) ? code : "EIO");
}
