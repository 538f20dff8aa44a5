import { wrongType } from "../errors/argument.ts";
import { MisuseError } from "../errors/vocabulary.ts";
import { currentRuntime } from "../scope/current.ts";
import type { WaitOptions } from "../wait/suspend.ts";
import type { Runtime } from "./runtime.ts";

/** What {@link RunVar.set} gives, to undo it. */
export interface RunVarToken {
  readonly variable: RunVar<never>;
}

interface Token extends RunVarToken {
  readonly runtime: Runtime;
  /** What it was set to before, if it was. */
  readonly before: readonly [] | readonly [unknown];
  used: boolean;
}

/**
 * A variable of the root: one value for all tasks of a run, a fresh one in each run. Two variables of one name are two.
 * Where there is no ambient context, the run is known by `{ signal }`.
 */
export class RunVar<T> {
  readonly name: string;
  private readonly initial: [T] | [];
  private readonly values = new WeakMap<Runtime, readonly [T]>();

  constructor(name: string, ...initial: [T] | []) {
    if (typeof name !== "string") throw wrongType("make the variable", "its name must be a string", name);
    this.name = name;
    this.initial = initial;
  }

  /** The value set in this run, else the one the variable was made with, else `undefined`. */
  get({ signal }: WaitOptions = {}): T | undefined {
    const [value] = this.values.get(currentRuntime(signal)) ?? this.initial;
    return value;
  }

  /** Sets it for the whole run; gives the token that {@link reset} takes. */
  set(value: T, { signal }: WaitOptions = {}): RunVarToken {
    const runtime = currentRuntime(signal);
    const token: Token = {
      variable: this as never,
      runtime,
      before: this.values.get(runtime) ?? [],
      used: false,
    };
    this.values.set(runtime, [value]);
    return token;
  }

  /** Puts back what was before that `set`. */
  reset(token: RunVarToken): void {
    const { variable, runtime, before, used } = token as Token;
    if (variable !== (this as never))
      throw new MisuseError(`Cannot reset '${this.name}': the token is another variable's`);
    if (used) throw new MisuseError(`Cannot reset '${this.name}': the token was used before`);
    (token as Token).used = true;
    if (before.length > 0) this.values.set(runtime, before as readonly [T]);
    else this.values.delete(runtime);
  }
}
