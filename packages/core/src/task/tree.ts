import { oneLine } from "../errors/one-line.ts";
import type { TaskInfo } from "./info.ts";

/**
 * A tree of tasks as text, a line each: name, status, what it waits for; in debug mode also where it was spawned.
 *
 * ```text
 * main (pending) waits for its group's tasks
 * ├─ server (pending) waits for a connection
 * └─ client (cancelling) runs, or waits for a promise that is not the library's
 * ```
 */
export function formatTaskTree(root: TaskInfo): string {
  return [line(root), ...branches(root, "")].join("\n");
}

function branches(task: TaskInfo, indent: string): string[] {
  const { children } = task;
  return children.flatMap((child, index) => {
    const last = index === children.length - 1;
    return [
      `${indent}${last ? "└─ " : "├─ "}${line(child)}`,
      ...branches(child, `${indent}${last ? "   " : "│  "}`),
    ];
  });
}

function line(task: TaskInfo): string {
  const { name, status, spawnedAt } = task;
  const site = spawnedAt === undefined ? "" : `, spawned at ${spawnedAt.split("\n", 1)[0] ?? ""}`;
  return `${oneLine(name, 100)} (${status}) ${doing(task)}${site}`;
}

/** What a task does, as far as is known, in words. */
export function doing({ waitingFor }: TaskInfo): string {
  return waitingFor.length === 0
    ? "runs, or waits for a promise that is not the library's"
    : `waits for ${waitingFor.map((what) => oneLine(what, 100)).join(", ")}`;
}
