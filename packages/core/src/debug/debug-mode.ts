import { cell } from "../cell.ts";
import { checkFunction, checkTime } from "../errors/argument.ts";
import { ContainedErrors } from "./contained-errors.ts";
import { DroppedResources } from "./dropped-resources.ts";
import { EndedScopes } from "./ended-scopes.ts";
import { IgnoredCancellations } from "./ignored-cancellations.ts";
import { observe } from "./observers.ts";
import { OvershotDeadlines } from "./overshot-deadlines.ts";
import { Reports, type DebugReport } from "./reports.ts";
import { SlowSteps } from "./slow-steps.ts";
import { SpawnSites } from "./spawn-sites.ts";

/** How debug mode looks. Times in ms. */
export interface DebugOptions {
  /** Gets what is found; by default its message goes to `console.warn`. Each kind comes once for each place. */
  readonly report?: ((report: DebugReport) => void) | undefined;
  /** How long a task may go on after it was cancelled, by its root's clock; by default 5,000. */
  readonly ignored?: number | undefined;
  /** How long one step may hold the event loop, by the real clock; by default 100. */
  readonly held?: number | undefined;
  /** How much later than its deadline a scope may give its value, by its root's clock; by default 10. */
  readonly overshot?: number | undefined;
}

/**
 * Starts debug mode in the whole process: tasks remember where they were spawned, and what looks like a fault is reported.
 * Gives what ends it.
 *
 * @throws TypeError, RangeError for bad options
 */
export function startDebug(options: DebugOptions = {}): () => void {
  const { report = warn, ignored = 5_000, held = 100, overshot = 10 } = options;
  checkFunction("start debug mode", report);
  for (const [name, value] of Object.entries({ ignored, held, overshot }))
    checkTime("start debug mode", name, value);
  const found = new Reports(report).add;
  const ignoredCancellations = new IgnoredCancellations(ignored, found);
  const droppedResources = new DroppedResources(found);
  const watches = [
    new SpawnSites(),
    ignoredCancellations,
    new SlowSteps(held, found),
    new EndedScopes(found),
    droppedResources,
    new OvershotDeadlines(overshot, found),
    new ContainedErrors(found),
  ].map(observe);
  return () => {
    for (const end of watches) end();
    ignoredCancellations.stop();
    droppedResources.stop();
  };
}

/** Starts debug mode for good, unless it, or another, is on: for what turns it on from outside the program. */
export function ensureDebug(): void {
  if (cell().tell?.observers.some(({ name }) => name.startsWith("debug mode")) !== true) startDebug();
}

function warn({ message }: DebugReport): void {
  console.warn(`arborio: ${message}`);
}
