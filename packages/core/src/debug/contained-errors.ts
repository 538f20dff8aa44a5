import { textOf } from "../errors/cancelled.ts";
import type { ScopeNode } from "../scope/node.ts";
import { infoOf } from "../task/info.ts";
import type { Observer } from "./observers.ts";
import type { Finding } from "./reports.ts";

// A message may quote the peer.
const LONGEST = 200;

/** Tells of errors that ended their connection and nothing else: mostly the network's doing, maybe a fault of the protocol. */
export class ContainedErrors implements Observer {
  readonly name: string = "debug mode's look for connections that failed";
  readonly #found: (finding: Finding) => void;

  constructor(found: (finding: Finding) => void) {
    this.#found = found;
  }

  contained(error: unknown, _stream: object, scope: ScopeNode | undefined): void {
    const { name } = Object(error) as { readonly name?: unknown };
    const task = scope?.task;
    this.#found({
      kind: "connection-failed",
      what: `a connection ended by an error of its own, and no other: ${String(name)}: ${textOf(error).slice(0, LONGEST)}`,
      task: task && infoOf(task),
      place: String(name),
    });
  }
}
