import { checkpoint, currentTime, isError, sleep, sleepForever, type ScopeControl } from "@arborio/core";
import { CancelScope, currentEffectiveDeadline, failAfter, moveOnAfter } from "@arborio/cancellation";
import { taskGroup, type StartingTask, type TaskGroup, type TaskHandle } from "@arborio/task-group";
import { errorText, isPlain, Raised } from "./errors.ts";
import type { Block, Entry, Op, Program } from "./program.ts";
import { streamOperations } from "./stream-operations.ts";
import { syncOperations } from "./sync-operations.ts";

/** What a block may refer to besides the names of the program: whom to tell `started`. */
type Child = StartingTask<unknown> | undefined;
type Run = (args: readonly unknown[], child: Child) => Promise<void> | void;

/** The longest a program may take, in virtual ms. */
const LIMIT = 100_000_000;

/** Runs a program through the public API. To be called in a simulation; gives what it logged. */
export async function replay(program: Program): Promise<Entry[]> {
  const interpreter = new Interpreter(program);
  await interpreter.main(program.main);
  return interpreter.trace;
}

/** The packages that are still to come, by the operations that need them. */
export const MISSING: Readonly<Record<string, string>> = {};

class Interpreter {
  readonly trace: Entry[] = [];
  private readonly began = currentTime();
  private readonly scopes = new Map<string, ScopeControl>();
  private readonly groups = new Map<string, TaskGroup>();
  private readonly tasks = new Map<string, TaskHandle>();
  private readonly ops: Readonly<Record<string, Run>>;

  constructor(program: Program) {
    const around = {
      log: (text: string) => this.log(text),
      block: (block: Block, child: Child) => this.block(block, child),
    };
    this.ops = {
      ...this.ownOps,
      ...syncOperations(program, around),
      ...streamOperations(program.chans, around.log),
    };
  }

  async main(block: Block): Promise<void> {
    const top = new CancelScope({ deadline: this.began + LIMIT });
    this.scopes.set("top", top);
    try {
      await top.run(() => this.block(block, undefined));
      this.log(top.cancelledCaught ? "main hung" : "main done");
    } catch (error) {
      this.log(`main failed ${errorText(error)}`);
    }
  }

  private log(text: string): void {
    this.trace.push([Math.round(currentTime() - this.began), text]);
  }

  private async block(block: Block, child: Child): Promise<void> {
    for (const [name, ...args] of block) await this.op(name)(args, child);
  }

  private op(name: Op[0]): Run {
    const run = this.ops[name];
    if (run === undefined) throw new TypeError(`Cannot replay: unknown operation, received ${name}`);
    return run;
  }

  private readonly ownOps: Readonly<Record<string, Run>> = {
    log: ([text]) => this.log(text as string),
    sleep: ([ms]) => sleep(ms as number),
    forever: () => sleepForever(),
    checkpoint: () => checkpoint(),
    effdl: () => this.effectiveDeadline(),
    scope: ([name, options, block], child) =>
      this.scope(name as string, options as ScopeOptions, block as Block, child),
    fail: ([name, options, block], child) =>
      this.failing(name as string, options as ScopeOptions, block as Block, child),
    group: ([name, blocks, body], child) =>
      this.group(name as string, blocks as Block[], body as Block, child),
    spawn: ([group, block, handle]) =>
      this.spawn(group as string, block as Block, handle as string | undefined),
    start: ([group, label, block]) => this.start(group as string, label as string, block as Block),
    started: ([value], child) => this.started(value, child),
    cancelh: ([handle]) => this.tasks.get(handle as string)?.cancel(),
    await: ([handle, label]) => this.await(handle as string, label as string),
    cancel: ([scope]) => this.scopes.get(scope as string)?.cancel(),
    deadline: ([scope, ms]) => this.deadline(scope as string, ms as number | null),
    shield: ([scope, shield]) => this.shield(scope as string, shield as boolean),
    raise: ([name]) => {
      throw new Raised(name as string);
    },
    try: ([label, block], child) => this.catching("caught", label as string, block as Block, child, isPlain),
    swallow: ([label, block], child) =>
      this.catching("swallowed", label as string, block as Block, child, () => true),
    finally: ([block, cleanup], child) => this.finally(block as Block, cleanup as Block, child),
  };

  private effectiveDeadline(): void {
    const deadline = currentEffectiveDeadline();
    if (Number.isFinite(deadline)) this.log(`eff ${String(Math.round(deadline - this.began))}`);
    else this.log(deadline > 0 ? "eff inf" : "eff -inf");
  }

  private async scope(
    name: string,
    { after, shield }: ScopeOptions,
    block: Block,
    child: Child,
  ): Promise<void> {
    let scope: CancelScope | undefined;
    const body = (entered: CancelScope): Promise<void> => {
      scope = entered;
      this.scopes.set(name, entered);
      return this.block(block, child);
    };
    try {
      await moveOnAfter(after, body, { shield });
    } finally {
      this.log(`${name} exit caught=${flag(scope?.cancelledCaught)} called=${flag(scope?.cancelCalled)}`);
    }
  }

  private async failing(
    name: string,
    { after, shield }: ScopeOptions,
    block: Block,
    child: Child,
  ): Promise<void> {
    const body = (scope: CancelScope): Promise<void> => {
      this.scopes.set(name, scope);
      return this.block(block, child);
    };
    await failAfter(after, body, { shield });
    this.log(`${name} in time`);
  }

  private async group(name: string, blocks: readonly Block[], body: Block, child: Child): Promise<void> {
    try {
      await taskGroup(async (group) => {
        this.groups.set(name, group);
        this.scopes.set(name, group.scope);
        for (const block of blocks) group.spawn(() => this.block(block, undefined));
        await this.block(body, child);
      });
    } catch (error) {
      // A group whose body was cut by its own scope ends silently where the traces were recorded (T12).
      if (!isError(error, "TaskCancelled")) throw error;
    } finally {
      this.log(`${name} joined`);
    }
  }

  private spawn(name: string, block: Block, handle: string | undefined): void {
    try {
      const task = this.groups.get(name)?.spawn(() => this.block(block, undefined));
      if (task !== undefined && handle !== undefined) this.tasks.set(handle, task);
    } catch (error) {
      if (!isError(error, "GroupClosedError")) throw error;
      this.log("spawn refused");
    }
  }

  private async start(name: string, label: string, block: Block): Promise<void> {
    const group = this.groups.get(name);
    if (group === undefined) return;
    try {
      const value = await group.start((task) => this.block(block, task));
      this.log(`${label} started ${String(value)}`);
    } catch (error) {
      if (!isError(error, "GroupClosedError")) throw error;
      this.log("spawn refused");
    }
  }

  private started(value: unknown, child: Child): void {
    if (child === undefined) return;
    try {
      child.started(value);
      this.log(`started(${String(value)})`);
    } catch (error) {
      if (!isError(error, "MisuseError")) throw error;
      this.log("started twice");
    }
  }

  private async await(handle: string, label: string): Promise<void> {
    const task = this.tasks.get(handle);
    if (task === undefined) return;
    await task.wait();
    this.log(`${label} ${task.status}`);
  }

  private deadline(name: string, ms: number | null): void {
    const scope = this.scopes.get(name);
    if (scope !== undefined) scope.deadline = ms === null ? Infinity : currentTime() + ms;
  }

  private shield(name: string, shield: boolean): void {
    const scope = this.scopes.get(name);
    if (scope !== undefined) scope.shield = shield;
  }

  private async catching(
    verb: string,
    label: string,
    block: Block,
    child: Child,
    catches: (error: unknown) => boolean,
  ): Promise<void> {
    try {
      await this.block(block, child);
    } catch (error) {
      if (!catches(error)) throw error;
      this.log(`${label} ${verb} ${errorText(error)}`);
    }
  }

  private async finally(block: Block, cleanup: Block, child: Child): Promise<void> {
    try {
      await this.block(block, child);
    } finally {
      await this.block(cleanup, child);
    }
  }
}

interface ScopeOptions {
  readonly after: number | null;
  readonly shield: boolean;
}

function flag(value: boolean | undefined): string {
  return value === true ? "1" : "0";
}
