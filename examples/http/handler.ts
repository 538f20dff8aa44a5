import type { Headers } from "./messages.ts";
import type { Body } from "./writing.ts";

export interface Request {
  readonly method: string;
  /** As the client wrote it. */
  readonly target: string;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * Answers, once; returns when all was sent. A body is not read where there must be none, as for HEAD. With a
 * `content-length` among the headers it must be as long; else it goes in chunks.
 */
export type Reply = (status: number, headers?: Headers, body?: Body) => Promise<void>;

export type Handler = (request: Request, reply: Reply) => Promise<void>;

/** What a client may take, in bytes and ms. */
export interface Limits {
  readonly headerBytes: number;
  /** Between two requests. */
  readonly idle: number;
  /** From the first byte of a request to the end of its header. */
  readonly header: number;
  /** For a part of a body to come or to go. */
  readonly transfer: number;
  /** For what is under way when the server is stopped. */
  readonly grace: number;
}

export const LIMITS: Limits = {
  headerBytes: 16_384,
  idle: 15_000,
  header: 10_000,
  transfer: 30_000,
  grace: 5_000,
};

/** Ends a request with that status. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(reason);
    this.status = status;
  }
}
