import type { Scheduler } from "../contract/scheduler.ts";
import { createHopScheduler } from "../platform/scheduler.ts";
import type { ScopeNode } from "../scope/node.ts";
import { infoOf } from "../task/info.ts";
import type { Task } from "../task/task.ts";
import type { WaitRecord } from "../wait/waiter.ts";
import { attempt, type Observer } from "./observers.ts";
import type { Finding } from "./reports.ts";

/**
 * Finds steps that hold the event loop: from a wake-up's delivery to the task's next wait or end, else to the next
 * macrotask. By the real clock, in the simulation too.
 */
export class SlowSteps implements Observer {
  readonly name: string = "debug mode's look for slow steps";
  readonly #limit: number;
  readonly #found: (finding: Finding) => void;
  readonly #macrotasks: Scheduler = createHopScheduler();
  /** When the step that runs now began; undefined while the loop is free, as far as is known. */
  #began: number | undefined;
  /** What was woken and has neither waited nor ended since, in that order: they run in it too. */
  readonly #woken = new Set<Task>();

  constructor(limit: number, found: (finding: Finding) => void) {
    this.#limit = limit;
    this.#found = found;
  }

  ended({ task }: WaitRecord<unknown>): void {
    this.#wake(task);
  }

  /** A spawned task runs in the microtasks that follow, or its first turn is told as a wake-up. */
  entered(node: ScopeNode): void {
    if (node.task === node) this.#wake(node.task);
  }

  begun({ task }: WaitRecord<unknown>): void {
    this.#step(task);
  }

  exited(task: Task): void {
    this.#step(task);
  }

  #wake(task: Task | undefined): void {
    if (task !== undefined) this.#woken.add(task);
    if (this.#began !== undefined) return;
    this.#began = performance.now();
    this.#macrotasks.hop(() => attempt(this, () => this.#free()));
  }

  /**
   * A step ends here: of the task that calls. Those woken before it and not heard of since wait for foreign promises; they
   * may have had a part in it.
   */
  #step(task: Task | undefined): void {
    if (this.#began === undefined) return;
    const others: Task[] = [];
    for (const woken of task !== undefined && this.#woken.has(task) ? this.#woken : []) {
      this.#woken.delete(woken);
      if (woken === task) break;
      others.push(woken);
    }
    this.#measure(task === undefined ? others : [task, ...others], this.#began);
    this.#began = performance.now();
  }

  #free(): void {
    const began = this.#began;
    if (began !== undefined) this.#measure([...this.#woken], began);
    this.#began = undefined;
    this.#woken.clear();
  }

  #measure(tasks: readonly Task[], began: number): void {
    const held = performance.now() - began;
    if (held < this.#limit) return;
    const [first] = tasks;
    const names =
      tasks.length === 0 ? "code outside any task" : tasks.map(({ name }) => `task '${name}'`).join(" or ");
    this.#found({
      kind: "event-loop-held",
      what: `${names} held the event loop for ${String(Math.round(held))} ms: nothing else could run, no timer and no socket`,
      task: first && infoOf(first),
    });
  }
}
