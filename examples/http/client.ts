import HttpParser from "bare-http-parser";
import { isError, taskGroup, type ByteStream } from "arborio";
import { Messages, type Headers } from "./messages.ts";
import { bytesOf, headOf, type Body } from "./writing.ts";

export interface ClientRequest {
  readonly method?: string;
  readonly target: string;
  readonly headers?: Headers;
  /** With a `content-length` among the headers it must be as long; else it goes in chunks. */
  readonly body?: Body;
}

export interface ClientResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A connection to an HTTP/1.1 server, for one request after the other. The stream is the caller's to close. */
export class HttpConnection {
  readonly #stream: ByteStream;
  readonly #host: string;
  readonly #messages: Messages;
  #open = true;

  /** @param host what the server is called */
  constructor(stream: ByteStream, host: string) {
    this.#stream = stream;
    this.#host = host;
    this.#messages = new Messages(stream, 65_536);
  }

  /** Whether the server takes another request. */
  get open(): boolean {
    return this.#open;
  }

  /** Sends a request, and gives the response to `use` as soon as its header has come; its body is `use`'s to read. */
  async exchange<T>(request: ClientRequest, use: (response: ClientResponse) => Promise<T>): Promise<T> {
    const [value] = await this.pipeline([request], use);
    return value as T;
  }

  /**
   * Sends requests without waiting for responses, and gives these to `use`, in order. Sending is a task of its own, so
   * neither side waits for the other to read. If `use` fails the rest is given up, and so is the connection.
   */
  async pipeline<T>(
    requests: readonly ClientRequest[],
    use: (response: ClientResponse, request: ClientRequest) => Promise<T>,
  ): Promise<T[]> {
    if (!this.#open) throw new Error("Cannot send a request: the server has ended the connection");
    this.#open = false;
    let keep = true;
    const values: T[] = [];
    await taskGroup(async (group) => {
      const sending = group.spawn(() => this.#sendAll(requests));
      for (const request of requests) {
        const response = await this.#response(request);
        keep = !/\bclose\b/i.test(response.headers["connection"] ?? "") && !response.old;
        values.push(await use(response, request));
        for await (const _ of response.body);
      }
      // A server that ends the connection may have answered before it read all.
      if (keep) await sending.wait();
      else group.cancel("every response is here");
    });
    this.#open = keep;
    return values;
  }

  async #sendAll(requests: readonly ClientRequest[]): Promise<void> {
    try {
      for (const request of requests)
        for await (const bytes of this.#bytes(request)) await this.#stream.send(bytes);
    } catch (error) {
      // Why the server has gone may stand in the response that it sent before.
      if (!isError(error, "BrokenResourceError")) throw error;
    }
  }

  #bytes({ method = "GET", target, headers = {}, body }: ClientRequest): AsyncGenerator<Uint8Array> {
    const known = body instanceof Uint8Array ? String(body.length) : headers["content-length"];
    const framing = body === undefined || known !== undefined ? "sized" : "chunked";
    const head = (): Uint8Array =>
      headOf(`${method} ${target} HTTP/1.1`, {
        host: this.#host,
        ...headers,
        ...(known === undefined ? {} : { "content-length": known }),
        ...(framing === "chunked" ? { "transfer-encoding": "chunked" } : {}),
      });
    return bytesOf(head, body ?? new Uint8Array(), framing, Number(known ?? 0));
  }

  async #response({ method }: ClientRequest): Promise<ClientResponse & { old: boolean }> {
    for (;;) {
      if (method === "HEAD") this.#messages.skipBody();
      const event = await this.#messages.next();
      if (event?.type !== HttpParser.constants.RESPONSE)
        throw new Error("Cannot read the response: the connection ended, or it is none");
      const body = this.#messages.body();
      if (event.code >= 200)
        return { status: event.code, headers: event.headers, body, old: event.version === "HTTP/1.0" };
      for await (const _ of body);
    }
  }
}
