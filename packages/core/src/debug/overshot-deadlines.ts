import type { Runtime } from "../run/runtime.ts";
import type { ScopeNode } from "../scope/node.ts";
import { infoOf } from "../task/info.ts";
import type { Task } from "../task/task.ts";
import type { WaitRecord } from "../wait/waiter.ts";
import { lazyCallSite } from "./call-site.ts";
import type { Observer } from "./observers.ts";
import type { Finding } from "./reports.ts";

/**
 * Finds scopes that gave a value later than their own deadline, without having looked in between: what runs in them cannot
 * be stopped. (In a shield one goes on on purpose: then a wait has ended, or the shield, after the deadline, and there is
 * nothing to say.)
 */
export class OvershotDeadlines implements Observer {
  readonly name: string = "debug mode's look for overshot deadlines";
  readonly #tolerance: number;
  readonly #found: (finding: Finding) => void;
  /** Where the scopes with a deadline were opened. */
  readonly #sites = new WeakMap<ScopeNode, () => string>();
  /** When a wait last began or ended in a task; of all that is outside tasks, by runtime. */
  readonly #waited = new WeakMap<Task | Runtime, number>();

  constructor(tolerance: number, found: (finding: Finding) => void) {
    this.#tolerance = tolerance;
    this.#found = found;
  }

  entered(node: ScopeNode): void {
    if (node.due !== undefined && node.task !== node) this.#sites.set(node, lazyCallSite());
  }

  begun(wait: WaitRecord<unknown>): void {
    this.#wait(wait);
  }

  ended(wait: WaitRecord<unknown>): void {
    this.#wait(wait);
  }

  left(node: ScopeNode, returned: boolean | undefined): void {
    const { cancelled, due, runtime, shielding, task } = node;
    if (shielding) this.#wait(node);
    if (
      returned !== true ||
      due === undefined ||
      (cancelled !== undefined && cancelled.source !== "deadline")
    )
      return;
    const late = runtime.clock.now() - due.at;
    if (late <= this.#tolerance || (this.#waited.get(task ?? runtime) ?? -Infinity) >= due.at) return;
    this.#found({
      kind: "deadline-overshot",
      what: `a scope${task === undefined ? "" : ` of task '${task.name}'`} gave its value ${String(Math.round(late))} ms after its deadline, with no checkpoint in between: nothing could stop it`,
      task: task && infoOf(task),
      site: this.#sites.get(node)?.(),
      happened: "opened",
    });
  }

  #wait({ task, runtime }: WaitRecord<unknown> | ScopeNode): void {
    this.#waited.set(task ?? runtime, runtime.clock.now());
  }
}
