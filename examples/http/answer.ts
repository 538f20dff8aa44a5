import type HttpParser from "bare-http-parser";
import { failAfter, type ByteStream } from "arborio";
import type { Limits } from "./handler.ts";
import type { Headers } from "./messages.ts";
import { bytesOf, encode, headOf, type Body, type Framing } from "./writing.ts";

/** The one answer to a request. */
export class Answer {
  /** Whether the connection may be used again. */
  keep = false;
  /** Whether the client has some of it. */
  begun = false;
  readonly #stream: ByteStream;
  readonly #limits: Limits;
  #isHead = false;
  #old = true;
  #continues = false;
  #stopping: () => boolean = () => true;

  constructor(stream: ByteStream, limits: Limits) {
    this.#stream = stream;
    this.#limits = limits;
  }

  begin({ method, version, headers }: HttpParser.Request, stopping: () => boolean): void {
    const connection = headers["connection"]?.toLowerCase() ?? "";
    this.#isHead = method === "HEAD";
    this.#old = version === "HTTP/1.0";
    this.#continues = headers["expect"]?.toLowerCase() === "100-continue";
    this.#stopping = stopping;
    // After a CONNECT it would be a tunnel.
    this.keep = method !== "CONNECT" && (this.#old ? /\bkeep-alive\b/ : /^(?!.*\bclose\b)/).test(connection);
  }

  /** The client may be waiting for leave to send it. */
  async readsBody(): Promise<void> {
    const waits = this.#continues && !this.begun;
    this.#continues = false;
    if (waits) await this.#stream.send(encode("HTTP/1.1 100 Continue\r\n\r\n"));
  }

  async send(status: number, headers: Headers = {}, body: Body = new Uint8Array()): Promise<void> {
    const length = lengthOf(headers, body);
    const framing: Framing = length !== undefined ? "sized" : this.#old ? "until the end" : "chunked";
    const head = (): Uint8Array => this.#head(status, headers, framing, length);
    if (this.#isHead || isBodyless(status)) return this.#write(head());
    for await (const bytes of bytesOf(head, body, framing, length)) await this.#write(bytes);
  }

  #head(status: number, headers: Headers, framing: Framing, length: number | undefined): Uint8Array {
    // A client that was never told to send its body: nobody knows whether one comes.
    if (this.#continues || this.#stopping() || framing === "until the end") this.keep = false;
    return headOf(`HTTP/1.1 ${String(status)} ${REASONS[status] ?? ""}`, {
      ...headers,
      ...(isBodyless(status) ? {} : framed(framing, length)),
      connection: this.keep ? "keep-alive" : "close",
      date: new Date().toUTCString(),
    });
  }

  #write(bytes: Uint8Array): Promise<void> {
    this.begun = true;
    return failAfter(this.#limits.transfer, () => this.#stream.send(bytes));
  }
}

function isBodyless(status: number): boolean {
  return status === 204 || status === 304;
}

function framed(framing: Framing, length: number | undefined): Headers {
  if (framing === "sized") return { "content-length": String(length) };
  return framing === "chunked" ? { "transfer-encoding": "chunked" } : {};
}

function lengthOf(headers: Headers, body: Body): number | undefined {
  if (body instanceof Uint8Array && body.length > 0) return body.length;
  const said = headers["content-length"];
  if (said !== undefined) return Number(said);
  return body instanceof Uint8Array ? 0 : undefined;
}

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  204: "No Content",
  206: "Partial Content",
  304: "Not Modified",
  400: "Bad Request",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  416: "Range Not Satisfiable",
  431: "Request Header Fields Too Large",
  500: "Internal Server Error",
  501: "Not Implemented",
};
