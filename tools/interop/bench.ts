import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import type { RuntimeName } from "@arborio-internal/runtimes";
import { start, watch, type Running } from "../running.ts";

/** How a command is run. */
export interface Run {
  /** A file that it reads as its standard input; by default nothing. */
  readonly input?: string;
  /** A file for what it prints, if that is too much to keep. */
  readonly output?: string;
}

/** What a peer is played on: a folder for its files, and processes, all gone in the end. */
export class Bench implements AsyncDisposable {
  readonly folder: string;
  readonly #running = new Set<Running>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Bench> {
    return new Bench(await mkdtemp(path.join(tmpdir(), "arborio-interop-")));
  }

  file(name: string): string {
    return path.join(this.folder, name);
  }

  /** Starts a program of ours (relative to the root). */
  ours(runtime: RuntimeName, program: string, ...args: readonly string[]): Running {
    return this.#keep(start(runtime, program, args));
  }

  /** Starts a program of others, in the folder. */
  theirs(name: string, ...args: readonly string[]): Running {
    return this.#keep(
      watch(
        spawn(name, args, { cwd: this.folder, env: { ...process.env, LC_ALL: "C", PYTHONUNBUFFERED: "1" } }),
      ),
    );
  }

  /** Runs a program of others to its end; gives what it printed. Throws if it fails. */
  async call(name: string, args: readonly string[], { input, output }: Run = {}): Promise<string> {
    const child = spawn(name, args, { cwd: this.folder, env: { ...process.env, LC_ALL: "C" } });
    const running = this.#keep(watch(child, output === undefined));
    // A peer that stops reading is no failure of ours to write.
    const fed =
      input === undefined
        ? child.stdin.end()
        : pipeline(createReadStream(input), child.stdin).catch(() => {});
    const kept = output === undefined ? undefined : pipeline(child.stdout, createWriteStream(output));
    const [{ code, stdout, stderr }] = await Promise.all([running.ended, fed, kept]);
    if (code !== 0)
      throw new Error(`${name} ${args.join(" ")} ended with ${String(code)}: ${stderr || stdout}`);
    return stdout;
  }

  #keep(running: Running): Running {
    this.#running.add(running);
    void running.ended.catch(() => {}).finally(() => this.#running.delete(running));
    return running;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const left = [...this.#running];
    for (const one of left) one.signal("SIGKILL");
    await Promise.allSettled(left.map(({ ended }) => ended));
    await rm(this.folder, { recursive: true });
  }
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}

/** The port in a line that a program prints once it listens. */
export async function portOf(program: Running, line: RegExp): Promise<string> {
  return line.exec(await program.printed(line))?.[1] ?? "";
}

/** Collects what is not as it should be. */
export class Faults {
  readonly found: string[] = [];

  equal(what: string, actual: unknown, expected: unknown): void {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== should) this.found.push(`${what}: expected ${should}, received ${is}`);
  }
}
