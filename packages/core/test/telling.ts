// An instrument that writes down what it is told.
import { addInstrument, type Instrument } from "@arborio/core/debug";

/** Adds one for as long as `fn` runs, and gives its lines; those of `root` and below, if a name is given. */
export async function told(fn: () => unknown, add: typeof addInstrument = addInstrument): Promise<string[]> {
  const lines: string[] = [];
  const remove = add(scribe(lines));
  try {
    await fn();
  } finally {
    remove();
  }
  return lines;
}

function textOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}

export function scribe(lines: string[]): Required<Omit<Instrument, "name">> {
  const waits = new Map<number, number>();
  const scopes = new Map<number, number>();
  // Numbers as they come: those of the process depend on what ran before.
  const numbered = (seen: Map<number, number>, id: number): string => {
    if (!seen.has(id)) seen.set(id, seen.size + 1);
    return `#${String(seen.get(id))}`;
  };
  return {
    taskSpawned: ({ task }) => lines.push(`${task.name} spawned under ${task.parent?.name ?? "none"}`),
    taskExited: ({ task }) => lines.push(`${task.name} ${task.status}`),
    waitBegun: ({ task, waitId, waitingFor, shielded }) =>
      lines.push(
        `${task?.name ?? "none"} waits ${numbered(waits, waitId)} for ${waitingFor}${shielded ? " in a shield" : ""}`,
      ),
    waitEnded: ({ task, waitId, outcome, error }) =>
      lines.push(
        `${task?.name ?? "none"} goes on ${numbered(waits, waitId)} with ${outcome}${error === undefined ? "" : `: ${textOf(error)}`}`,
      ),
    deadlinePassed: ({ task, scope, scopeId, deadline, time }) =>
      lines.push(
        `deadline of ${scope} ${numbered(scopes, scopeId)} of ${task?.name ?? "none"} at ${String(deadline)}, seen at ${String(time)}`,
      ),
    scopeCancelled: ({ task, scope, scopeId, source, reason, by }) =>
      lines.push(
        `${scope} ${numbered(scopes, scopeId)} of ${task?.name ?? "none"} cancelled: ${[source, reason, by].map(String).join(", ")}`,
      ),
    errorContained: ({ task, error }) =>
      lines.push(`${task?.name ?? "none"} lost its connection: ${textOf(error)}`),
  };
}
