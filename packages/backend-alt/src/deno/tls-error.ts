import { OSError } from "@arborio/core/backend";
import { osError, type Attempt } from "./os-error.ts";

/** What a handshake failed with. */
export function handshakeError(cause: unknown, address: string): OSError {
  const attempt = { syscall: "handshake", address };
  return isTruncation(cause)
    ? new OSError({ ...attempt, code: "ECONNRESET", cause, reason: "the peer left" })
    : tlsError(cause, attempt);
}

/** Deno's error of a TLS connection as an OSError: it gives those of TLS as `InvalidData`, and tells them apart in words. */
export function tlsError(cause: unknown, attempt: Attempt): OSError {
  const { name, message } = Object(cause) as Partial<Error>;
  if (isTruncation(cause)) return truncation(cause, attempt);
  if (name !== "InvalidData") return osError(cause, attempt);
  const refused = /^invalid peer certificate/.test(String(message));
  const code = refused ? "ERR_TLS_CERTIFICATE" : "EPROTO";
  return new OSError({ ...attempt, code, cause, reason: String(message) });
}

function truncation(host: unknown, attempt: Attempt): OSError {
  const reason = "the peer's end came without a close_notify";
  const cause = Object.assign(new Error(reason, { cause: host }), { code: "ERR_TLS_TRUNCATED" });
  return new OSError({ ...attempt, code: "ECONNRESET", cause, reason });
}

function isTruncation(error: unknown): boolean {
  return (Object(error) as Partial<Error>).name === "UnexpectedEof";
}
