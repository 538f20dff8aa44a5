// The flags that scopes push down, against a model that asks upwards each time (C1, C12, C14).
import fc from "fast-check";
import { callIn, currentScope, moveScope, type ScopeNode } from "@arborio/core/lowlevel";
import { checkpoint } from "@arborio/core";
import { CancelScope, shield } from "@arborio/cancellation";
import { expect } from "vitest";
import { everywhere } from "../../testing/test/everywhere.ts";
import { makeGate } from "../../testing/test/gate.ts";

/** A scope as the rules tell of it. */
interface Model {
  readonly scope: CancelScope;
  readonly node: ScopeNode;
  parent: Model | undefined;
  cancelled: boolean;
  shield: boolean;
  deadline: number;
  /** Ends the body. */
  readonly leave: () => void;
  readonly left: Promise<unknown>;
}

const effective = (model: Model | undefined): boolean =>
  model !== undefined && (model.cancelled || (!model.shield && effective(model.parent)));

const dueBy = (model: Model | undefined): number =>
  model === undefined ? Infinity : Math.min(model.deadline, model.shield ? Infinity : dueBy(model.parent));

const isWithin = (model: Model | undefined, ancestor: Model): boolean =>
  model !== undefined && (model === ancestor || isWithin(model.parent, ancestor));

type Step =
  | { readonly op: "enter" | "leave" | "cancel" | "shield"; readonly at: number }
  | { readonly op: "deadline"; readonly at: number; readonly ms: number }
  | { readonly op: "move"; readonly at: number; readonly to: number };

const at = fc.nat(30);
const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ op: fc.constant("enter" as const), at }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constantFrom("leave" as const, "cancel" as const), at }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant("shield" as const), at }) },
    {
      weight: 2,
      arbitrary: fc.record({ op: fc.constant("deadline" as const), at, ms: fc.integer({ min: -1, max: 5 }) }),
    },
    { weight: 2, arbitrary: fc.record({ op: fc.constant("move" as const), at, to: at }) },
  ),
  { maxLength: 60 },
);

class Tree {
  readonly models: Model[] = [];
  private readonly top: ScopeNode;

  constructor(top: ScopeNode) {
    this.top = top;
  }

  private get now(): number {
    return this.top.runtime.clock.now();
  }

  /** The scope a step means; none of them: the root. */
  private pick(index: number): Model | undefined {
    return this.models[index % (this.models.length + 1)];
  }

  async take(step: Step): Promise<void> {
    const model = this.pick(step.at);
    if (step.op === "enter") return this.enter(model);
    if (model === undefined) return;
    if (step.op === "leave") return this.leave(model);
    if (step.op === "move") return this.move(model, this.pick(step.to));
    if ("ms" in step) {
      model.deadline = model.scope.deadline = step.ms < 0 ? this.now - 1 : this.now + 1e6 + step.ms;
      if (step.ms < 0) model.cancelled = true;
    } else if (step.op === "cancel") {
      model.cancelled = true;
      model.scope.cancel();
    } else {
      model.shield = model.scope.shield = !model.shield;
    }
  }

  private enter(parent: Model | undefined): void {
    const scope = new CancelScope();
    const gate = makeGate();
    // The gate is no wait of the library's: who enters a cancelled scope stays in it.
    let left: Promise<unknown> | undefined;
    void callIn(parent?.node ?? this.top, () => void (left = scope.run(() => gate.promise)), undefined);
    this.models.push({
      scope,
      node: scope as CancelScope & ScopeNode,
      parent,
      cancelled: false,
      shield: false,
      deadline: Infinity,
      leave: gate.resolve,
      left: left as unknown as Promise<unknown>,
    });
  }

  async leave(model: Model): Promise<void> {
    model.leave();
    await model.left;
    this.models.splice(this.models.indexOf(model), 1);
    for (const child of this.models) if (child.parent === model) child.parent = model.parent;
  }

  private move(model: Model, to: Model | undefined): void {
    if (isWithin(to, model)) return;
    moveScope(model.node, to?.node ?? this.top);
    model.parent = to;
  }

  check(): void {
    for (const model of this.models) {
      expect(model.node.effective !== undefined).toBe(effective(model));
      expect(model.node.dueBy?.at ?? Infinity).toBe(dueBy(model));
      expect(model.scope.cancelCalled).toBe(model.cancelled);
      if (effective(model)) expect(model.scope.signal.aborted).toBe(true);
    }
  }
}

everywhere("C1, C14: the tree of scopes under any calls is as asking upwards each time", async () => {
  const check = async (taken: readonly Step[]): Promise<void> => {
    // A shield of its own, which nothing cancels, so that the top of the tree is known.
    await shield(async () => {
      const tree = new Tree(currentScope() as ScopeNode);
      for (const step of taken) {
        await tree.take(step);
        tree.check();
      }
      for (const model of [...tree.models]) await tree.leave(model);
    });
  };
  await fc.assert(fc.asyncProperty(steps, check), { numRuns: 60, seed: 1 });
  await checkpoint();
});
