import { isError, MisuseError, type ScopeControl, type WaitOptions } from "@arborio/core";
import { checkFunction, lendingArguments, settling } from "@arborio/core/lowlevel";
import type { ObjectReceiveStream } from "@arborio/streams";
import { taskGroup } from "@arborio/task-group";
import { GeneratorChannel, type Source } from "./generator-channel.ts";

/**
 * A generator's items, for use by a function: the generator's own arguments, if it takes some, then the function, then
 * options.
 */
export type SafeChannel<A extends unknown[], T> = <R>(
  ...args: [
    ...args: A,
    fn: (items: ObjectReceiveStream<T>, scope: Pick<ScopeControl, "signal">) => R | PromiseLike<R>,
    options?: WaitOptions,
  ]
) => Promise<R>;

type Use<T> = (items: ObjectReceiveStream<T>, scope: Pick<ScopeControl, "signal">) => unknown;

/**
 * Makes an async generator function safe to use with scopes and task groups inside: the generator runs in a task of its own,
 * and what it yields comes through a stream. Using it gives what the function gives.
 *
 * ```ts fragment
 * const withLines = safeChannel(async function* (path: string) {
 *   await using file = await open(path);
 *   for await (const line of linesOf(file)) yield line;
 * });
 * const first = await withLines("log.txt", async (lines) => {
 *   for await (const line of lines) return line; // leaving it early closes the file, before the call ends
 * });
 * ```
 *
 * A bare generator holds its scopes open over each `yield`, in whatever task asks for the next item: a deadline of its own
 * cancels its consumer, and its clean-up runs whenever the loop, or the collector, comes to it. Here its scopes reach
 * nobody else, and its clean-up has ended when the call ends.
 *
 * The generator is asked for an item only when one is waited for, and is never ahead. Several tasks may receive; each item goes
 * to one. An item whose receiver was cancelled meanwhile is the next receiver's (C5).
 *
 * **Cancellation** A cancellation from outside, or an error of the function, cancels the step that the generator is in, as
 * does leaving the function, or closing the stream; its clean-up is cancelled with it, as anywhere: `shield` what must wait.
 * Where the generator stands at a `yield` it is ended in order (`return`), and its clean-up runs under a shield.
 *
 * **Throws** what the generator or the function throws, as it is; if both do, TaskGroupError with both. MisuseError if the
 * generator function is none, or yields in its clean-up. Of the stream: EndOfStream after the last item, ClosedResourceError
 * once it was closed or the function has ended.
 */
export function safeChannel<A extends unknown[], T>(generator: (...args: A) => Source<T>): SafeChannel<A, T> {
  checkFunction("make a safe channel", generator);
  const { name } = generator;
  const what = `the safe channel${name === "" ? "" : ` '${name}'`}`;
  const use = (...args: unknown[]): Promise<unknown> => {
    const [own, fn, options] = lendingArguments(`use ${what}`, args);
    const signal = (options as WaitOptions | undefined)?.signal;
    const call = taskGroup(
      async (group) => {
        const items = new GeneratorChannel(what, begun(generator(...(own as A)), what));
        group.spawn((task) => items.serve(task), { name });
        try {
          return await (fn as Use<T>)(items, group);
        } finally {
          items.closeForcefully();
        }
      },
      { name, signal },
    );
    return settling(
      call,
      (value) => value,
      (error) => {
        throw error === signal?.reason ? error : single(error);
      },
    );
  };
  return use as SafeChannel<A, T>;
}

function begun<T>(source: Source<T>, what: string): Source<T> {
  const { next, return: end } = Object(source) as Partial<Source<T>>;
  if (typeof next === "function" && typeof end === "function") return source;
  throw new MisuseError(`Cannot use ${what}: it is to be an async generator function`);
}

/** What the group failed with, if it is one error; the group is nothing the caller opened. */
function single(error: unknown): unknown {
  const { errors } = error as { readonly errors?: readonly unknown[] };
  return isError(error, "TaskGroupError") && errors?.length === 1 ? errors[0] : error;
}
