import { CancelScope } from "@arborio/cancellation";
import { checkpoint, comesFrom, isError, sleep, split, type WaitOptions } from "@arborio/core";
import {
  currentScope,
  isCancelledLeaf,
  markOrigin,
  scopeOfSignal,
  strayed,
  tellContained,
} from "@arborio/core/lowlevel";
import type { AsyncResource, ServeLimit, SpawnsTasks } from "@arborio/streams";
import { closeBehind } from "./lingering-close.ts";
import type { Serving } from "./serve.ts";
import { ownerOf, unlessCancelled } from "./socket-stream.ts";

// The process or the system is out of something that ends of connections give back (trio's serve_listeners).
const EXHAUSTED = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);
const PAUSE = 100;

// What became of a connection before it was accepted: Linux tells it here (accept(2)).
const PASSED_OVER = new Set(
  ["ECONNABORTED", "ECONNRESET", "EPROTO", "ENOPROTOOPT"].concat([
    "ENETDOWN",
    "ENETUNREACH",
    "EHOSTDOWN",
    "EHOSTUNREACH",
    "ENONET",
  ]),
);

type Accept<S> = (options: WaitOptions) => Promise<S>;

/** The loops that accept from one listener, until it is closed. */
export class AcceptLoops {
  readonly #scopes: Set<CancelScope> = new Set();

  /** Accepts, and starts a task for each connection. */
  async run<S extends AsyncResource>(
    accept: Accept<S>,
    serving: Serving<S>,
    tasks: SpawnsTasks,
    options: WaitOptions,
  ): Promise<void> {
    const scope = new CancelScope();
    this.#scopes.add(scope);
    try {
      await scope.run(({ signal }) => acceptAll(accept, serving, tasks, { signal }), options);
    } catch (error) {
      // Closed while a cancellation from outside is on its way: then this comes first.
      if (!scope.cancelCalled || !isError(error, "ClosedResourceError")) throw error;
    } finally {
      this.#scopes.delete(scope);
    }
  }

  /** Ends all of them. */
  stop(): void {
    for (const scope of this.#scopes) scope.cancel("the listener was closed");
  }
}

/** Starts a task for each connection that was accepted before. */
export async function startAll<S extends AsyncResource>(
  streams: readonly S[],
  serving: Serving<S>,
  tasks: SpawnsTasks,
  options: WaitOptions,
): Promise<void> {
  const left = [...streams];
  try {
    for (let next = left.shift(); next !== undefined; next = left.shift())
      await startOne(next, serving, tasks, options);
  } finally {
    for (const stream of left) stream.closeForcefully();
  }
}

async function acceptAll<S extends AsyncResource>(
  accept: Accept<S>,
  serving: Serving<S>,
  tasks: SpawnsTasks,
  options: WaitOptions,
): Promise<void> {
  const { limit } = serving;
  for (;;) {
    // At the limit none is accepted. The permit is not held while one is waited for: others may share the limiter.
    if (limit !== undefined) (await limit.acquire(options)).release();
    const stream = await acceptOne(accept, options);
    if (stream !== undefined) await startOne(stream, serving, tasks, options);
  }
}

/** The next connection; undefined if there was none to have this time. */
async function acceptOne<S>(accept: Accept<S>, options: WaitOptions): Promise<S | undefined> {
  try {
    return await accept(options);
  } catch (error) {
    if (!isError(error, "OSError")) throw error;
    if (EXHAUSTED.has(error.code)) await sleep(PAUSE, options);
    else if (PASSED_OVER.has(error.code)) await checkpoint(options);
    else throw error;
    return undefined;
  }
}

async function startOne<S extends AsyncResource>(
  stream: S,
  serving: Serving<S>,
  tasks: SpawnsTasks,
  options: WaitOptions,
): Promise<void> {
  const { limit } = serving;
  const release = limit === undefined ? (): void => {} : await permitFor(stream, limit, options);
  start(tasks, stream, serving, release);
}

async function permitFor(
  stream: AsyncResource,
  limit: ServeLimit,
  options: WaitOptions,
): Promise<() => void> {
  try {
    const permit = await limit.acquire(options);
    return () => permit.release();
  } catch (error) {
    stream.closeForcefully();
    throw error;
  }
}

function start<S extends AsyncResource>(
  tasks: SpawnsTasks,
  stream: S,
  serving: Serving<S>,
  release: () => void,
): void {
  const task = async (own: WaitOptions = {}): Promise<void> => {
    try {
      await handle(stream, serving, own);
    } finally {
      await close(stream, own).finally(release);
    }
  };
  try {
    tasks.spawn(task, { name: serving.handler.name === "" ? "connection" : serving.handler.name });
  } catch (error) {
    // The group has ended: nobody will close it.
    stream.closeForcefully();
    release();
    throw error;
  }
}

async function close(stream: AsyncResource, task: WaitOptions): Promise<void> {
  try {
    await closeBehind(ownerOf(stream), task).catch(unlessCancelled);
  } catch (error) {
    const met = isError(error, "OSError") || isError(error, "BrokenResourceError");
    contain(met ? markOrigin(error, stream) : error, stream, task);
  }
}

/**
 * Runs the handler; what it throws is for `onError`, if there is one. By default what comes from the connection ends that alone
 * (M8).
 */
export async function handle<S extends AsyncResource>(
  stream: S,
  { handler, onError }: Pick<Serving<S>, "handler" | "onError">,
  task: WaitOptions,
): Promise<void> {
  try {
    await handler(stream, task);
  } catch (error) {
    if (onError === undefined) return contain(error, stream, task);
    const own = strayed(currentScope() ?? scopeOfSignal(task.signal), error);
    const [cancelled, rest] = split(own, isCancelledLeaf);
    if (rest !== undefined) await onError(rest, stream, task);
    if (cancelled !== undefined) throw cancelled;
  }
}

/** Throws what is left of an error without what comes from the connection. */
function contain(error: unknown, stream: AsyncResource, task: WaitOptions): void {
  const [own, rest] = split(error, (leaf) => comesFrom(leaf, stream));
  if (own === undefined) throw error;
  tellContained(own, stream, task);
  if (rest !== undefined) throw rest;
}
