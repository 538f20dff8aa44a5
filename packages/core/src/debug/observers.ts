import { cell } from "../cell.ts";
import { oneLine } from "../errors/one-line.ts";
import type { ScopeNode } from "../scope/node.ts";
import type { Task } from "../task/task.ts";
import type { WaitRecord } from "../wait/waiter.ts";

/** Something open that is to be closed. It does not hold the resource. */
export interface OpenResource {
  readonly description: string;
  readonly handle: object | undefined;
}

/** What the machines tell, and with what. Internal: users see it as instruments do. */
export interface Events {
  /** A scope was entered; a task's own: the task was spawned. */
  readonly entered: [node: ScopeNode];
  /** A scope is left now. */
  readonly left: [node: ScopeNode, returned: boolean | undefined];
  /** A scope was cancelled; nothing was woken yet. */
  readonly cancelled: [node: ScopeNode];
  /** A task has ended, after its scope was left. */
  readonly exited: [task: Task];
  /** A wait begins; it is in no scope yet. */
  readonly begun: [wait: WaitRecord<unknown>, signal: AbortSignal | undefined];
  /** A wait's end is delivered: its task goes on. Also a task's first turn, and the wait for a run. */
  readonly ended: [wait: WaitRecord<unknown>, failed: boolean, outcome: unknown];
  readonly opened: [resource: object, open: OpenResource];
  readonly closed: [open: OpenResource];
  /** An error of a connection ended that alone; nobody else is told. */
  readonly contained: [error: unknown, stream: object, scope: ScopeNode | undefined];
}

/** Who is told. */
export type Observer = { readonly name: string } & {
  readonly [E in keyof Events]?: (...told: Events[E]) => void;
};

/** Tells all observers one event; none of them can make it throw. It stands in the shared cell while there are any. */
export interface Tell {
  <E extends keyof Events>(event: E, ...told: Events[E]): void;
  observers: readonly Observer[];
}

/** Adds an observer; gives what removes it. */
export function observe(observer: Observer): () => void {
  const tell = (cell().tell ??= createTell());
  tell.observers = [...tell.observers, observer];
  return () => remove(observer);
}

function remove(observer: Observer): void {
  const { tell } = cell();
  if (tell === undefined) return;
  tell.observers = tell.observers.filter((other) => other !== observer);
  if (tell.observers.length === 0) cell().tell = undefined;
}

function createTell(): Tell {
  const tell: Tell = (event, ...told) => {
    for (const observer of tell.observers) {
      // One that was told before may have removed it.
      if (!tell.observers.includes(observer)) continue;
      attempt(observer, () => (observer[event] as ((...told: unknown[]) => void) | undefined)?.(...told));
    }
  };
  tell.observers = [];
  return tell;
}

/** Calls an observer's code. If it throws, that is reported and the observer removed; the program goes on (as trio does). */
export function attempt(observer: Observer, call: () => void): void {
  try {
    call();
  } catch (error) {
    remove(observer);
    console.error(`arborio: ${oneLine(observer.name)} threw, and was removed:`, error);
  }
}
