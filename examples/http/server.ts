import HttpParser from "bare-http-parser";
import {
  CancelScope,
  checkpoint,
  currentSignal,
  failAfter,
  formatError,
  isCancelled,
  isError,
  moveOnAfter,
  shield,
  type ByteStream,
  type Listener,
} from "arborio";
import { Answer } from "./answer.ts";
import { HttpError, LIMITS, type Handler, type Limits } from "./handler.ts";
import { Messages } from "./messages.ts";
import { encode } from "./writing.ts";

/**
 * Serves HTTP/1.1: keep-alive, pipelining, chunked bodies. Cancelled, it stops listening at once, closes what is idle, and
 * leaves `grace` to the requests that are under way.
 */
export async function serveHttp(
  listener: Listener<ByteStream>,
  handler: Handler,
  limits: Limits = LIMITS,
): Promise<void> {
  await checkpoint();
  const stopping = currentSignal();
  const stop = (): void => listener.closeForcefully();
  stopping.addEventListener("abort", stop);
  const connect = (stream: ByteStream): Promise<void> =>
    new Connection(stream, handler, limits, stopping).serve();
  try {
    await shield(() => listener.serve(connect, { grace: limits.grace }));
  } finally {
    stopping.removeEventListener("abort", stop);
  }
}

class Connection {
  readonly #stream: ByteStream;
  readonly #handler: Handler;
  readonly #limits: Limits;
  readonly #messages: Messages;
  readonly #stopping: AbortSignal;

  /** @param stopping aborts when no further request is to be taken */
  constructor(stream: ByteStream, handler: Handler, limits: Limits, stopping: AbortSignal) {
    this.#stream = stream;
    this.#handler = handler;
    this.#limits = limits;
    this.#messages = new Messages(stream, limits.headerBytes);
    this.#stopping = stopping;
  }

  async serve(): Promise<void> {
    while ((await this.#begins()) && (await this.#answer()));
  }

  /** Whether another request begins; the server's stopping ends the wait for one, and no request. */
  async #begins(): Promise<boolean> {
    const idle = new CancelScope({ timeout: this.#limits.idle });
    const stop = (): void => idle.cancel("the server stops");
    if (this.#stopping.aborted) stop();
    this.#stopping.addEventListener("abort", stop);
    try {
      return (await idle.run(() => this.#messages.begins())) === true;
    } finally {
      this.#stopping.removeEventListener("abort", stop);
    }
  }

  /** Whether the connection may be used again. */
  async #answer(): Promise<boolean> {
    const answer = new Answer(this.#stream, this.#limits);
    try {
      const head = await failAfter(this.#limits.header, () => this.#head(), { reason: "the header is late" });
      answer.begin(head, () => this.#stopping.aborted);
      const body = this.#messages.body(() => answer.readsBody(), this.#limits.transfer);
      const request = { method: head.method, target: head.url, headers: head.headers, body };
      let replied = false;
      await this.#handler(request, (...reply) => {
        if (replied) throw new Error("Cannot answer: it was answered");
        replied = true;
        return answer.send(...reply);
      });
      if (!replied) throw new Error("Cannot answer: the handler gave no reply");
      if (answer.keep) answer.keep = await this.#skip(body);
    } catch (error) {
      await this.#fail(answer, error);
    }
    return answer.keep;
  }

  async #head(): Promise<HttpParser.Request> {
    const event = await this.#messages.next();
    if (event?.type === HttpParser.constants.REQUEST) return event;
    throw new HttpError(400, "it is no request");
  }

  /** What the handler left of the body; false if that is more than a new connection costs. */
  async #skip(body: AsyncIterable<Uint8Array>): Promise<boolean> {
    let left = 0;
    return (
      (await moveOnAfter(this.#limits.transfer, async () => {
        for await (const { length } of body) if ((left += length) > 1 << 20) return false;
        return true;
      })) === true
    );
  }

  /** Tells the client, if it still can be told; else what was cut must not look complete. */
  async #fail(answer: Answer, error: unknown): Promise<void> {
    answer.keep = false;
    const status = statusOf(error);
    if (status === 500) console.error(formatError(error));
    const told = status !== undefined && !answer.begun && (await this.#tell(answer, status, error));
    if (told) return;
    this.#stream.closeForcefully();
    if (isCancelled(error)) throw error;
  }

  /** Whether it could be told: a client may not read. */
  async #tell(answer: Answer, status: number, error: unknown): Promise<boolean> {
    const text = encode(`${messageOf(status, error)}\n`);
    return (
      (await moveOnAfter(this.#limits.transfer, async () => {
        await answer.send(status, { "content-type": "text/plain" }, text);
        return true;
      })) === true
    );
  }
}

/** What a failure is to the client; undefined where there is none to be told. */
function statusOf(error: unknown): number | undefined {
  if (isCancelled(error) || isError(error, "BrokenResourceError")) return undefined;
  if (error instanceof HttpError) return error.status;
  if (isError(error, "TimeoutError")) return 408;
  const { name, code } = Object(error) as { name?: unknown; code?: unknown };
  if (name !== "HTTPParserError") return 500;
  return code === "HEADER_OVERFLOW" ? 431 : code === "INVALID_METHOD" ? 501 : 400;
}

/** What went wrong in here is nobody's business there. */
function messageOf(status: number, error: unknown): string {
  return status === 500 ? "the server failed" : (error as Error).message;
}
