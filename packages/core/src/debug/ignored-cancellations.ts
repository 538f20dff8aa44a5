import { scopesIn, waitsIn } from "../scope/members.ts";
import type { ScopeNode } from "../scope/node.ts";
import { infoOf } from "../task/info.ts";
import type { Task } from "../task/task.ts";
import { doing } from "../task/tree.ts";
import { AFTER_SCOPES, deadlinesOf, Due } from "../time/deadlines.ts";
import { attempt, type Observer } from "./observers.ts";
import type { Finding } from "./reports.ts";

/** Finds tasks that go on long after they were cancelled: they never check, wait for what cannot be stopped, or are in a shield. */
export class IgnoredCancellations implements Observer {
  readonly name: string = "debug mode's look for ignored cancellations";
  readonly #after: number;
  readonly #found: (finding: Finding) => void;
  readonly #watched = new Map<ScopeNode, Due>();

  constructor(after: number, found: (finding: Finding) => void) {
    this.#after = after;
    this.#found = found;
  }

  entered(node: ScopeNode): void {
    if (node.cancelled !== undefined) this.cancelled(node);
  }

  cancelled(node: ScopeNode): void {
    if (node.state !== "active") return;
    const ring = (): void => {
      this.#watched.delete(node);
      attempt(this, () => this.#look(node));
    };
    const due = new Due(node.runtime.clock.now() + this.#after, { ring }, AFTER_SCOPES);
    this.#watched.set(node, due);
    deadlinesOf(node.runtime).add(due);
  }

  left(node: ScopeNode): void {
    const due = this.#watched.get(node);
    if (due === undefined) return;
    this.#watched.delete(node);
    deadlinesOf(node.runtime).delete(due);
  }

  /** Ends all that is under way. */
  stop(): void {
    for (const node of [...this.#watched.keys()]) this.left(node);
  }

  #look(node: ScopeNode): void {
    const [why = ""] = node.cancelled?.message.split("\n", 1) ?? [];
    const since = `${String(this.#after)} ms after it was cancelled (${why})`;
    const tasks = holdouts(node);
    for (const task of tasks) {
      const info = infoOf(task);
      this.#found({
        kind: "cancellation-ignored",
        what: `task '${info.name}' still goes on ${since}: it ${doing(info)}`,
        task: info,
      });
    }
    if (tasks.size > 0) return;
    const waits = waitsIn(node).map(({ waitingFor }) => `, waiting for ${waitingFor}`);
    this.#found({
      kind: "cancellation-ignored",
      what: `code outside any task still goes on ${since}${waits.join("")}`,
    });
  }
}

/** The tasks in a scope that have not ended, and have none below them in it: those above only wait for these. */
function holdouts(scope: ScopeNode): Set<Task> {
  const tasks = new Set<Task>();
  const scopes = [scope];
  for (const one of scopes) {
    if (one.task !== undefined) tasks.add(one.task);
    scopes.push(...scopesIn(one));
  }
  for (const task of [...tasks]) {
    const above = task.parent?.task;
    if (above !== undefined) tasks.delete(above);
  }
  return tasks;
}
