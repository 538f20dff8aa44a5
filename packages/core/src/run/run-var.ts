import { MisuseError } from "../errors/vocabulary.ts";
import { currentRuntime } from "../scope/current.ts";

/** What {@link RunVar.set} gives, to undo it. */
export interface RunVarToken {
  readonly variable: RunVar<never>;
}

interface Token extends RunVarToken {
  readonly vars: Map<object, unknown>;
  readonly had: boolean;
  readonly value: unknown;
  used: boolean;
}

/** A variable of the root: one value for all tasks of a run, a fresh one in each run. Two variables of one name are two. */
export class RunVar<T> {
  readonly name: string;
  private readonly initial: [T] | [];

  constructor(name: string, ...initial: [T] | []) {
    this.name = name;
    this.initial = initial;
  }

  /** The value set in this run, else the one the variable was made with, else `undefined`. */
  get(): T | undefined {
    const { vars } = currentRuntime();
    return vars.has(this) ? (vars.get(this) as T) : this.initial[0];
  }

  /** Sets it for the whole run; gives the token that {@link reset} takes. */
  set(value: T): RunVarToken {
    const { vars } = currentRuntime();
    const token: Token = {
      variable: this as never,
      vars,
      had: vars.has(this),
      value: vars.get(this),
      used: false,
    };
    vars.set(this, value);
    return token;
  }

  /** Puts back what was before that `set`. */
  reset(token: RunVarToken): void {
    const taken = token as Token;
    if (taken.variable !== (this as never))
      throw new MisuseError(`Cannot reset '${this.name}': the token is another variable's`);
    if (taken.used) throw new MisuseError(`Cannot reset '${this.name}': the token was used before`);
    taken.used = true;
    if (taken.had) taken.vars.set(this, taken.value);
    else taken.vars.delete(this);
  }
}
