import { itemsOf } from "../list.ts";
import type { ScopeNode } from "../scope/node.ts";
import { infoOf } from "../task/info.ts";
import type { Task } from "../task/task.ts";
import { doing } from "../task/tree.ts";
import { AFTER_SCOPES, type Due } from "../time/deadlines.ts";
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
    const due: Due = {
      dueAt: node.runtime.clock.now() + this.#after,
      rank: AFTER_SCOPES,
      order: 0,
      index: -1,
      ring: () => {
        this.#watched.delete(node);
        attempt(this, () => this.#look(node));
      },
    };
    this.#watched.set(node, due);
    node.runtime.deadlines.set(due);
  }

  left(node: ScopeNode): void {
    const due = this.#watched.get(node);
    if (due === undefined) return;
    this.#watched.delete(node);
    node.runtime.deadlines.delete(due);
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
    const waits = itemsOf(node.waits).map(({ waitingFor }) => `, waiting for ${waitingFor}`);
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
  for (const { task, children } of scopes) {
    if (task !== undefined) tasks.add(task);
    scopes.push(...itemsOf(children));
  }
  for (const task of [...tasks]) {
    const above = task.parent?.task;
    if (above !== undefined) tasks.delete(above);
  }
  return tasks;
}
