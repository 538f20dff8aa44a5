// Programs of others against ours, on Node and on Deno: `pnpm interop [name…]`.
import { spawnSync } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { locate, type RuntimeName } from "@arborio-internal/runtimes";
import { install } from "../debian.ts";
import { runSteps, type Step } from "../steps.ts";
import { Bench } from "./bench.ts";
import { curl, httpClient, https } from "./curl.ts";
import type { Peer } from "./peer.ts";
import { redis } from "./redis.ts";
import { resets } from "./resets.ts";
import { socat } from "./socat.ts";
import { tlsClient } from "./tls-client.ts";
import { tlsServer } from "./tls-server.ts";

const peers: readonly Peer[] = [curl, https, httpClient, socat, redis, resets, tlsServer, tlsClient];
const runtimes: readonly RuntimeName[] = ["node", "deno"];

/** Ms that one may take: far more than any needs. */
const LIMIT = 180_000;

const names = process.argv.slice(2);
const unknown = names.filter((name) => !peers.some((peer) => peer.name === name));
if (unknown.length > 0)
  throw new Error(`No peer ${unknown.join(", ")}; there are: ${peers.map(({ name }) => name).join(", ")}`);

const chosen = peers.filter(({ name }) => names.length === 0 || names.includes(name));
const lacking = chosen.flatMap(({ needs }) => Object.entries(needs)).filter(([command]) => !isThere(command));
if (lacking.length > 0) install([...new Set(lacking.map(([, debian]) => debian))], console.log);

await runSteps(chosen.flatMap((peer) => runtimes.map((runtime) => step(peer, runtime))));

function step(peer: Peer, runtime: RuntimeName): Step {
  return { name: `${peer.name} ${runtime}`, run: () => play(peer, runtime) };
}

/** CI has what it needs, or fails; elsewhere what is not there is said, and not run. */
async function play(peer: Peer, runtime: RuntimeName): Promise<string[]> {
  const { reason } = locate(runtime);
  const missing = Object.keys(peer.needs).filter((command) => !isThere(command));
  const why = reason ?? (missing.length > 0 ? `there is no ${missing.join(", ")}` : undefined);
  if (why !== undefined) {
    console.log(`  ${peer.name} ${runtime}: not run, ${why}`);
    return process.env["CI"] === undefined ? [] : [`not run: ${why}`];
  }
  await using bench = await Bench.open();
  return await withinLimit(peer.run(runtime, bench));
}

/** The bench ends the processes then, whatever they do. */
async function withinLimit(faults: Promise<string[]>): Promise<string[]> {
  const abort = new AbortController();
  const late = sleep(LIMIT, [`it did not end within ${String(LIMIT / 1000)} s`], abort);
  for (const promise of [faults, late]) promise.catch(() => {});
  return await Promise.race([faults, late]).finally(() => abort.abort());
}

function isThere(command: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${command}`]).status === 0;
}
