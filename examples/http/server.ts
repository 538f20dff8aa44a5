import HttpParser from "bare-http-parser";
import {
  CancelScope,
  currentSignal,
  currentTime,
  failAfter,
  formatError,
  isCancelled,
  isError,
  moveOnAfter,
  type ByteStream,
  type Listener,
} from "arborio";
import { forgiving } from "../forgiving.ts";
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
  const signal = currentSignal();
  const stop = (): void => listener.closeForcefully();
  signal.addEventListener("abort", stop);
  try {
    await listener.serve(forgiving((stream) => new Connection(stream, handler, limits).serve()));
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

class Connection {
  readonly #stream: ByteStream;
  readonly #handler: Handler;
  readonly #limits: Limits;
  readonly #messages: Messages;
  #exchange: CancelScope | undefined;
  #stopping = false;
  #cut = false;

  constructor(stream: ByteStream, handler: Handler, limits: Limits) {
    this.#stream = stream;
    this.#handler = handler;
    this.#limits = limits;
    this.#messages = new Messages(stream, limits.headerBytes);
  }

  /** Between requests a cancellation reaches it; a request that has begun is shielded until the grace is over. */
  async serve(): Promise<void> {
    currentSignal().addEventListener("abort", () => {
      this.#stopping = true;
      if (this.#exchange !== undefined) this.#exchange.deadline = currentTime() + this.#limits.grace;
    });
    for (;;) {
      if ((await moveOnAfter(this.#limits.idle, () => this.#messages.begins())) !== true) return;
      this.#exchange = new CancelScope({ shield: true, timeout: this.#stopping ? this.#limits.grace : null });
      const keep = await this.#exchange.run(() => this.#answer());
      this.#exchange = undefined;
      if (keep !== true) return;
    }
  }

  /** Whether the connection may be used again. */
  async #answer(): Promise<boolean> {
    const answer = new Answer(this.#stream, this.#limits);
    try {
      const head = await failAfter(this.#limits.header, () => this.#head(), { reason: "the header is late" });
      answer.begin(head, () => this.#stopping);
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
    if (!answer.keep && !this.#cut) await this.#linger();
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
    if (status !== undefined && !answer.begun)
      return answer.send(status, { "content-type": "text/plain" }, encode(`${messageOf(status, error)}\n`));
    this.#cut = true;
    this.#stream.closeForcefully();
    if (isCancelled(error)) throw error;
  }

  /** A socket closed with bytes unread is reset, and the client may never see the answer: so they are read, for a while. */
  async #linger(): Promise<void> {
    await this.#stream.sendEof();
    await moveOnAfter(1_000, async () => {
      let left = 0;
      for await (const { length } of this.#stream) if ((left += length) > 1 << 24) return;
    });
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
