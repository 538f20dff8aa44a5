import { OSError } from "@arborio/core/backend";
import type { TLSSocket } from "node:tls";
import { osError, type Attempt } from "./os-error.ts";

// Node's codes of certificates it refuses: OpenSSL's X509_V_ERR_…, and its own for names.
const CERTIFICATE = /^(?!ERR_(?:SSL|OSSL)).*(?:CERT|CRL|ISSUER|LEAF|INVALID_CA|PURPOSE|PATH_LENGTH|HOSTNAME)/;

/** Node's error of a TLS connection as an OSError: the transport's own codes stay. */
export function tlsError(cause: unknown, attempt: Attempt): OSError {
  // Of OpenSSL's errors `reason` is what says it, without where in its code.
  const { code, message, reason = message } = Object(cause) as Partial<Record<string, unknown>>;
  const kind = kindOf(code);
  if (kind === undefined) return osError(cause, attempt);
  return new OSError({ ...attempt, code: kind, cause, reason: String(reason) });
}

/** The failure of a handshake in which this side refused the peer's certificate: Node has no code of its own for each reason. */
export function certificateError(cause: unknown, attempt: Attempt): OSError {
  const { message } = Object(cause) as Partial<Error>;
  return new OSError({ ...attempt, code: "ERR_TLS_CERTIFICATE", cause, reason: String(message) });
}

/** Why Node's server refused the client's certificate, of which it says no more than a code; undefined if it did not. */
export function refusalOf({ authorizationError }: TLSSocket): Error | undefined {
  if (!authorizationError) return undefined;
  const code = String(authorizationError);
  return Object.assign(new Error(`the client's certificate was refused, ${code}`), { code });
}

/** What reads find where the peer's end came without a close_notify. */
export function truncation(attempt: Attempt): OSError {
  const reason = "the peer's end came without a close_notify";
  const cause = Object.assign(new Error(reason), { code: "ERR_TLS_TRUNCATED" });
  return new OSError({ ...attempt, code: "ECONNRESET", cause, reason });
}

function kindOf(code: unknown): string | undefined {
  if (typeof code !== "string") return undefined;
  if (CERTIFICATE.test(code)) return "ERR_TLS_CERTIFICATE";
  return /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/.test(code) ? "EPROTO" : undefined;
}
