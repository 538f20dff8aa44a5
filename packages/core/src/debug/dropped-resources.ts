import { currentTask } from "../task/current.ts";
import type { TaskInfo } from "../task/info.ts";
import { callSite } from "./call-site.ts";
import { attempt, type Observer, type OpenResource } from "./observers.ts";
import type { Finding } from "./reports.ts";

/** By whom, and where; in words only, for the task may hold the resource. */
interface Opening {
  readonly by: string;
  readonly site: string;
  readonly happened: string;
}

/** Finds resources that were dropped without being closed, when the garbage collector takes them: maybe late, maybe never. */
export class DroppedResources implements Observer {
  readonly name: string = "debug mode's look for dropped resources";
  readonly #found: (finding: Finding) => void;
  readonly #open = new Map<OpenResource, Opening>();
  readonly #registry: FinalizationRegistry<OpenResource> | undefined =
    typeof FinalizationRegistry === "undefined"
      ? undefined
      : new FinalizationRegistry((open) => attempt(this, () => this.#dropped(open)));

  constructor(found: (finding: Finding) => void) {
    this.#found = found;
  }

  opened(resource: object, open: OpenResource): void {
    this.#open.set(open, opening(currentTask(), callSite()));
    this.#registry?.register(resource, open, open);
  }

  closed(open: OpenResource): void {
    this.#open.delete(open);
    this.#registry?.unregister(open);
  }

  stop(): void {
    this.#open.clear();
  }

  #dropped(open: OpenResource): void {
    const opened = this.#open.get(open);
    if (opened === undefined) return;
    this.#open.delete(open);
    const { by, site, happened } = opened;
    this.#found({
      kind: "resource-dropped",
      what: `${open.description}${by} was dropped unclosed`,
      site,
      happened,
      // One task opens many; by their numbers, ports and the like, each would be another.
      place: open.description.replace(/\d+/g, ""),
    });
  }
}

/** What a backend's operation opened has nothing of the user's on its stack: then its task's place is the nearest. */
function opening(task: TaskInfo | undefined, site: string): Opening {
  const by = task === undefined ? "" : `, opened in task '${task.name}',`;
  return site === ""
    ? { by, site: task?.spawnedAt ?? "", happened: "task spawned" }
    : { by, site, happened: "opened" };
}
