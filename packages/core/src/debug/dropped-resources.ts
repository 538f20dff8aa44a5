import { callSite } from "./call-site.ts";
import { attempt, type Observer, type OpenResource } from "./observers.ts";
import type { Finding } from "./reports.ts";

/** Finds resources that were dropped without being closed, when the garbage collector takes them: maybe late, maybe never. */
export class DroppedResources implements Observer {
  readonly name: string = "debug mode's look for dropped resources";
  readonly #found: (finding: Finding) => void;
  /** Where each open one was opened. */
  readonly #sites = new Map<OpenResource, string>();
  readonly #registry: FinalizationRegistry<OpenResource> | undefined =
    typeof FinalizationRegistry === "undefined"
      ? undefined
      : new FinalizationRegistry((open) =>
          attempt(this, "that a resource is gone", () => this.#dropped(open)),
        );

  constructor(found: (finding: Finding) => void) {
    this.#found = found;
  }

  opened(resource: object, open: OpenResource): void {
    this.#sites.set(open, callSite());
    this.#registry?.register(resource, open, open);
  }

  closed(open: OpenResource): void {
    this.#sites.delete(open);
    this.#registry?.unregister(open);
  }

  stop(): void {
    this.#sites.clear();
  }

  #dropped(open: OpenResource): void {
    const site = this.#sites.get(open);
    if (site === undefined) return;
    this.#sites.delete(open);
    this.#found({
      kind: "resource-dropped",
      what: `${open.description} was dropped unclosed`,
      site,
      happened: "opened",
    });
  }
}
