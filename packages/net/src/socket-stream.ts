import {
  BrokenResourceError,
  BusyResourceError,
  ClosedResourceError,
  EndOfStream,
  isCancelled,
  isError,
  type WaitOptions,
} from "@arborio/core";
import { taken, type RawStream } from "@arborio/core/backend";
import {
  awaitPromise,
  cancelledNow,
  checkHostBytes,
  goesOn,
  markOrigin,
  park,
  trackResource,
} from "@arborio/core/lowlevel";
import type { AsyncResource, ByteStream } from "@arborio/streams";
import { KeptOperation, receiveAll } from "@arborio/streams/lowlevel";
import { checkCount } from "./arguments.ts";

const DEFAULT_CHUNK = 65_536;
const TAKING = "the connection to take bytes";

/** A connection that its stream gave up. */
export interface Detached<R extends RawStream> {
  readonly raw: R;
  /** What comes for a cancelled receive, before all else; undefined once it failed. */
  readonly first: Promise<Uint8Array | null | undefined> | undefined;
  /** A new stream over it. */
  again(): ByteStream;
}

/**
 * A byte stream over a backend's. Each direction is one operation at a time:
 *
 * | sending      | because                    | a later send                        |
 * |--------------|----------------------------|-------------------------------------|
 * | open         |                            | sends                               |
 * | shut         | sendEof                    | ClosedResourceError                 |
 * | abandoned    | a send was cancelled (M7)  | BrokenResourceError                 |
 * | broken       | the system refused         | asks it again, which refuses again  |
 * | closed       | close, closeForcefully     | ClosedResourceError                 |
 */
export class SocketStream<R extends RawStream> implements ByteStream {
  /** The backend's, for layers of this package. */
  readonly raw: R;
  private readonly receiving: KeptOperation<Uint8Array | null> = new KeptOperation();
  private readonly sending: KeptOperation<void> = new KeptOperation();
  private readonly what: string;
  private readonly untrack: () => void;
  private shut = false;
  /** Whether anything was sent. */
  private spoke = false;
  /** Whether the other side's end was received. */
  private heardEnd = false;
  /** Whether it is closed to its users: from then on nothing is begun. The connection may still be saying goodbye. */
  private stopped = false;
  private closed: Promise<void> | undefined;

  /** @param what it is called where it is named as left open */
  constructor(raw: R, what: string) {
    this.raw = raw;
    this.what = what;
    this.untrack = trackResource(this, what);
  }

  protected get isClosed(): boolean {
    return this.stopped;
  }

  receive(maxBytes: number = DEFAULT_CHUNK, options: WaitOptions = {}): Promise<Uint8Array> {
    checkCount("receive", "maxBytes", maxBytes);
    if (this.receiving.busy) return busy("receive", "receives from");
    return this.receiving.wait(
      () => this.read(maxBytes),
      (bytes) => this.hand(bytes, maxBytes),
      { signal: options.signal, waitingFor: "bytes from the connection" },
      (error) => brokenError(this, "receive", error),
    );
  }

  send(given: Uint8Array, options: WaitOptions = {}): Promise<void> {
    const bytes = checkHostBytes("send", given);
    this.spoke = true;
    const begun = this.beginsAtOnce(options) ? this.raw.write(bytes) : undefined;
    // Most sends need not wait: they make nothing (decision 0008).
    return begun === taken() ? begun : this.sendOn(bytes, begun, options);
  }

  sendEof(options: WaitOptions = {}): Promise<void> {
    return this.output("end the sending", "the connection to take its end", () => this.shutdown(), options);
  }

  close(options: WaitOptions = {}): Promise<void> {
    return awaitPromise(this.release(false), {
      signal: options.signal,
      waitingFor: "the connection to close",
    });
  }

  closeForcefully(): void {
    void this.release(true);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close().catch(unlessCancelled);
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<Uint8Array> {
    return receiveAll(() => this.receive());
  }

  private beginsAtOnce(options: WaitOptions): boolean {
    const { sending } = this;
    if (this.shut || this.stopped || sending.busy || sending.abandoned) return false;
    return goesOn(options);
  }

  /** What took the connection over, as TLS in place. */
  heir: AsyncResource | undefined;

  /** Whether bytes of a cancelled receive are to come first. */
  get keeps(): boolean {
    return this.receiving.abandoned;
  }

  /** Gives the connection up to a layer that reads and writes it itself: this stream is closed from then on. */
  detach(action: string): Detached<R> {
    this.checkFree(action);
    const left = this.receiving.abandoned;
    let late: Uint8Array | null | undefined;
    this.stop((bytes) => (late = bytes));
    this.closed = Promise.resolve();
    return {
      raw: this.raw,
      first: left ? this.receiving.idle().then(() => late) : undefined,
      again: () => this.renewed(),
    };
  }

  /** A stream over the same connection. */
  protected renewed(): SocketStream<R> {
    return new SocketStream(this.raw, this.what);
  }

  protected read(maxBytes: number): Promise<Uint8Array | null> {
    return this.raw.read(maxBytes);
  }

  /** Whether it is open, and nothing that was sent is cut off by what is sent now. */
  protected get orderly(): boolean {
    return this.closed === undefined && !this.sending.busy && !this.sending.abandoned;
  }

  /** Whether closing it now could throw away what was sent: the other side may still send, and what is unread resets the connection. */
  get mayCutItsAnswer(): boolean {
    return this.spoke && !this.heardEnd && this.orderly;
  }

  /** That it is open, and that nobody uses it. */
  protected checkFree(action: string): void {
    if (this.stopped) throw closed(action);
    if (this.shut) throw new ClosedResourceError(`Cannot ${action}: the sending side was ended by sendEof`);
    if (this.receiving.busy || this.sending.busy)
      throw new BusyResourceError(`Cannot ${action}: another task uses the connection`);
    if (this.sending.abandoned) throw cutError(this, action);
  }

  /** Wakes who waits, now and later, with ClosedResourceError. */
  protected stop(discard?: (late: Uint8Array | null) => void): void {
    this.stopped = true;
    this.untrack();
    this.receiving.end(() => closed("receive"), discard);
    this.sending.end(() => closed("send"));
  }

  private hand(bytes: Uint8Array | null, maxBytes: number): Uint8Array {
    if (bytes === null) {
      this.heardEnd = true;
      throw markOrigin(new EndOfStream("Cannot receive: the other side has ended the stream"), this);
    }
    if (bytes.length <= maxBytes) return bytes;
    // Read for a cancelled receive that asked for more than this one does.
    this.receiving.keep(bytes.subarray(maxBytes));
    return bytes.subarray(0, maxBytes);
  }

  private output(
    action: string,
    waitingFor: string,
    start: () => Promise<void>,
    options: WaitOptions,
  ): Promise<void> {
    if (this.sending.busy) return busy(action, "sends to");
    // What a cancelled send left is never taken: it stands for a message of which nobody knows how much was sent.
    if (this.sending.abandoned)
      return cancelledNow(options) ? park(options) : Promise.reject(cutError(this, action));
    return this.wait(action, waitingFor, start, options);
  }

  private wait(
    action: string,
    waitingFor: string,
    start: () => Promise<void>,
    options: WaitOptions,
  ): Promise<void> {
    return this.sending.wait(
      start,
      (nothing) => nothing,
      { signal: options.signal, waitingFor },
      (error) => brokenError(this, action, error),
    );
  }

  /** @param begun the write, if it has begun */
  private sendOn(bytes: Uint8Array, begun: Promise<void> | undefined, options: WaitOptions): Promise<void> {
    if (begun === undefined) return this.output("send", TAKING, () => this.write(bytes), options);
    // Before the wait: if the deadline has passed since the write began, the wait fails at once, and the write was left (M7).
    this.sending.adopt(begun);
    return this.wait("send", TAKING, () => begun, options);
  }

  private write(bytes: Uint8Array): Promise<void> {
    if (this.shut)
      return Promise.reject(new ClosedResourceError("Cannot send: the sending side was ended by sendEof"));
    return this.raw.write(bytes);
  }

  private shutdown(): Promise<void> {
    this.shut = true;
    return this.raw.shutdown();
  }

  protected release(abort: boolean): Promise<void> {
    if (this.closed !== undefined) return this.closed;
    this.stop();
    return (this.closed = this.raw.close({ abort }));
  }
}

/** Who has the connection now. */
export function ownerOf(stream: AsyncResource): AsyncResource {
  const heir = stream instanceof SocketStream ? stream.heir : undefined;
  return heir === undefined ? stream : ownerOf(heir);
}

function closed(action: string): Error {
  return new ClosedResourceError(`Cannot ${action}: the connection was closed on this side`);
}

function cutError(stream: object, action: string): Error {
  const reason = `Cannot ${action}: an earlier send was cancelled, and may have sent a part`;
  return markOrigin(new BrokenResourceError(reason), stream);
}

/** The system's error as what the stream throws; one of ours says already why. */
function brokenError(stream: object, action: string, error: unknown): unknown {
  if (isError(error, "ClosedResourceError")) return error;
  const reason = `Cannot ${action}: the connection is broken`;
  return markOrigin(new BrokenResourceError(reason, { cause: error }), stream);
}

function busy(action: string, verb: string): Promise<never> {
  return Promise.reject(new BusyResourceError(`Cannot ${action}: another task ${verb} the connection`));
}

/** Disposal does not throw Cancelled: the next checkpoint does (M5). */
export function unlessCancelled(error: unknown): void {
  if (!isCancelled(error)) throw error;
}
