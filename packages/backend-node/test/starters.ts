import { once } from "node:events";
import { link, mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Child } from "./processes.ts";

/** Has both start at one path again and again, over the socket that a listener left there: in each round one of them must have it, and answer at it. */
export async function expectOneWinner(starters: readonly Child[], rounds: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "arborio-"));
  const path = join(folder, "socket");
  try {
    for (let round = 1; round <= rounds; round++) {
      await leaveSocket(path);
      const outcomes = await each(starters, path, (child) => outcomeOf(child, round));
      expect([...outcomes].sort(), `round ${String(round)}`).toEqual(["EADDRINUSE", "listening"]);
      expect(await greeting(path)).toBe(String(outcomes.indexOf("listening")));
      await each(starters, "close", (child) => child.says(`${String(round)} closed`));
      expect(await readdir(folder)).toEqual([]);
    }
  } finally {
    for (const { process } of starters) process.stdin.end();
    await rm(folder, { recursive: true });
  }
}

/** A socket on which nobody listens. */
async function leaveSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}-first`);
  await once(server, "listening");
  await link(`${path}-first`, path);
  server.close();
  await once(server, "close");
  await rm(`${path}-first`, { force: true });
}

function each<T>(children: readonly Child[], line: string, then: (child: Child) => Promise<T>): Promise<T[]> {
  for (const { process } of children) process.stdin.write(`${line}\n`);
  return Promise.all(children.map(then));
}

async function outcomeOf(child: Child, round: number): Promise<string> {
  const outcome = new RegExp(`^${String(round)} (\\w+)$`, "m");
  await child.says(outcome);
  return outcome.exec(child.said)![1]!;
}

async function greeting(path: string): Promise<string> {
  const client = connect(path);
  let received = "";
  for await (const chunk of client) received += String(chunk);
  return received;
}
