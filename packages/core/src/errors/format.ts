import { isAnError, textOf } from "./cancelled.ts";
import { partsOf } from "./groups.ts";

/**
 * An error as text for people: a group as a tree of what went wrong, with causes.
 *
 * ```text
 * TaskGroupError: 2 errors in task group 'main': connection refused; disk full
 * ├─ OSError: Cannot connect 127.0.0.1:1: connection refused (ECONNREFUSED)
 * │      at …
 * └─ Error: disk full
 *        at …
 * ```
 */
export function formatError(error: unknown): string {
  return lines(error, new Set()).join("\n");
}

function lines(error: unknown, entered: Set<unknown>): string[] {
  if (!isAnError(error)) return [`thrown: ${textOf(error)}`];
  if (entered.has(error)) return [`${title(error)} (shown above)`];
  entered.add(error);
  const parts = partsOf(error);
  const own = parts === undefined ? [title(error), ...stack(error)] : [title(error), ...tree(parts, entered)];
  return error.cause === undefined
    ? own
    : [...own, ...indent(lines(error.cause, entered), "caused by: ", "  ")];
}

function tree(parts: readonly unknown[], entered: Set<unknown>): string[] {
  return parts.flatMap((part, index) => {
    const last = index === parts.length - 1;
    return indent(lines(part, entered), last ? "└─ " : "├─ ", last ? "   " : "│  ");
  });
}

function indent([first = "", ...rest]: string[], head: string, margin: string): string[] {
  return [head + first, ...rest.map((line) => margin + line)];
}

function title(error: Error): string {
  return `${error.name}: ${error.message}`;
}

function stack(error: Error): string[] {
  return (error.stack ?? "")
    .split("\n")
    .filter((line) => /^\s+at /.test(line))
    .map((line) => `    ${line.trim()}`);
}
