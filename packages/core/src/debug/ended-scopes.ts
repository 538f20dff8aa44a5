import { cell } from "../cell.ts";
import { live } from "../scope/live.ts";
import { nameOf } from "../scope/name.ts";
import type { ScopeNode } from "../scope/node.ts";
import { inSlot } from "../slot.ts";
import { infoOf } from "../task/info.ts";
import type { WaitRecord } from "../wait/waiter.ts";
import { callSite } from "./call-site.ts";
import type { Observer } from "./observers.ts";
import type { Finding } from "./reports.ts";

/** Finds waits that begin in a scope or task that has ended (C20): floating promises, intervals, emitters that kept the frame. */
export class EndedScopes implements Observer {
  readonly name: string = "debug mode's look for waits in ended scopes";
  readonly #found: (finding: Finding) => void;

  constructor(found: (finding: Finding) => void) {
    this.#found = found;
  }

  begun({ waitingFor }: WaitRecord<unknown>, signal: AbortSignal | undefined): void {
    const scope = inSlot() ?? (signal && cell().signals.get(signal));
    if (scope?.state !== "left") return;
    const { task } = scope;
    this.#found({
      kind: "wait-in-ended-scope",
      what: `a wait for ${waitingFor} begins in ${placeOf(scope)}, which has ended: it belongs to ${heirOf(scope)}`,
      task: task && infoOf(task),
      site: callSite(),
      happened: "begun",
    });
  }
}

function placeOf(scope: ScopeNode): string {
  const of = scope.task === undefined || scope.task === scope ? "" : ` of task '${scope.task.name}'`;
  return `${nameOf(scope)}${of}`;
}

function heirOf(scope: ScopeNode): string {
  const heir = live(scope);
  if (heir === undefined) return "nothing now, and nothing ends it";
  const what = heir.task === undefined ? "a scope outside any task" : `task '${heir.task.name}'`;
  return `${what} now, and ends only with it`;
}
