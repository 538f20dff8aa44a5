import { isError, sleep, type WaitOptions } from "@arborio/core";
import type { AsyncResource, Listener, ServeOptions, SpawnsTasks } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";

// The process or the system is out of something that ends of connections give back (trio's serve_listeners).
const EXHAUSTED = new Set(["EMFILE", "ENFILE", "ENOBUFS", "ENOMEM"]);
const PAUSE = 100;

type Handler<S> = (stream: S) => unknown;

/** The loop of {@link Listener.serve}. */
export async function serve<S extends AsyncResource>(
  listener: Listener<S>,
  isClosed: () => boolean,
  handler: Handler<S>,
  { group, signal }: ServeOptions,
): Promise<void> {
  // A listener closed before is a mistake; closed from now on, the way to stop.
  if (isClosed()) return void (await listener.accept({ signal }));
  const loop = (tasks: SpawnsTasks): Promise<void> =>
    acceptAll(listener, isClosed, tasks, handler, { signal });
  return group === undefined ? taskGroup(loop, { signal, name: "serve" }) : loop(group);
}

async function acceptAll<S extends AsyncResource>(
  listener: Listener<S>,
  isClosed: () => boolean,
  tasks: SpawnsTasks,
  handler: Handler<S>,
  options: WaitOptions,
): Promise<void> {
  while (!isClosed()) {
    const stream = await acceptOne(listener, isClosed, options);
    if (stream !== undefined) start(tasks, stream, handler);
  }
}

/** The next connection; undefined if there was none to have this time. */
async function acceptOne<S>(
  listener: Listener<S>,
  isClosed: () => boolean,
  options: WaitOptions,
): Promise<S | undefined> {
  try {
    return await listener.accept(options);
  } catch (error) {
    if (isClosed() && isError(error, "ClosedResourceError")) return undefined;
    if (!isError(error, "OSError")) throw error;
    if (EXHAUSTED.has(error.code)) await sleep(PAUSE, options);
    // The peer went away before it was accepted.
    else if (error.code !== "ECONNABORTED") throw error;
    return undefined;
  }
}

function start<S extends AsyncResource>(tasks: SpawnsTasks, stream: S, handler: Handler<S>): void {
  const task = async (): Promise<void> => {
    try {
      await handler(stream);
    } finally {
      await stream[Symbol.asyncDispose]();
    }
  };
  try {
    tasks.spawn(task, { name: handler.name === "" ? "connection" : handler.name });
  } catch (error) {
    // The group has ended: nobody will close it.
    stream.closeForcefully();
    throw error;
  }
}
