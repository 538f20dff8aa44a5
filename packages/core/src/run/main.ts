import type { Backend } from "../contract/backend.ts";
import type { Host } from "../contract/host.ts";
import type { SignalName } from "../contract/signals.ts";
import { formatError } from "../errors/format.ts";
import { split } from "../errors/groups.ts";
import { isCancelledLeaf } from "../errors/is.ts";
import { run, type RootHandle } from "./run.ts";

/** How a program's main function runs. */
export interface MainOptions {
  readonly backend: Backend;
  /** The root task's name; by default the function's. */
  readonly name?: string | undefined;
}

const CODES: Readonly<Partial<Record<SignalName, number>>> = { SIGINT: 130, SIGTERM: 143 };

/**
 * Runs a whole program: as {@link run}, and besides
 *
 * - SIGINT (Ctrl-C) and SIGTERM cancel the root; its cleanup runs, then the process exits with 130 or 143. A second signal exits at once.
 * - An error is printed to stderr, a group as a tree; the exit code is then 1.
 *
 * Gives `undefined` in either case, for the process is to end. Where the backend has no host, errors are thrown instead.
 */
export async function main<T>(
  fn: (root: RootHandle) => T | PromiseLike<T>,
  { backend, name }: MainOptions,
): Promise<T | undefined> {
  const interruption = new Interruption(backend);
  try {
    return await run(fn, { backend, name, signal: interruption.signal });
  } catch (error) {
    if (backend.host === undefined) throw error;
    await report(backend.host, interruption.without(error));
    return undefined;
  } finally {
    interruption.end();
  }
}

/** The signals of a program: the first aborts, the second exits. */
class Interruption {
  private readonly controller = new AbortController();
  private readonly host: Host | undefined;
  private readonly unlisten: (() => void)[];
  private received: SignalName | undefined = undefined;

  constructor({ host, signals }: Backend) {
    this.host = host;
    this.unlisten =
      signals === undefined
        ? []
        : (["SIGINT", "SIGTERM"] as const).map((name) => signals.listen(name, () => this.receive(name)));
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** What is left of an error once the interruption itself is taken out. */
  without(error: unknown): { readonly error: unknown } | undefined {
    if (this.received === undefined) return { error };
    if (error === this.signal.reason) return undefined;
    const [, rest] = split(error, isCancelledLeaf);
    return rest === undefined ? undefined : { error: rest };
  }

  /** Stops listening; exits if a signal came. */
  end(): void {
    for (const stop of this.unlisten) stop();
    if (this.received !== undefined) this.exit(this.received);
  }

  private receive(name: SignalName): void {
    if (this.received !== undefined) return this.exit(name);
    this.received = name;
    this.controller.abort(name);
  }

  private exit(name: SignalName): void {
    this.host?.exit(CODES[name] ?? 1);
  }
}

async function report(host: Host, failure: { readonly error: unknown } | undefined): Promise<void> {
  if (failure === undefined) return;
  host.setExitCode(1);
  await host.stderr.write(new TextEncoder().encode(`${formatError(failure.error)}\n`));
}
