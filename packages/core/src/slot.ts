import { cell } from "./cell.ts";
import type { ScopeNode } from "./scope/node.ts";

/** The part of AsyncLocalStorage that is used. */
export interface AsyncStorage {
  run<A, R>(store: unknown, fn: (arg: A) => R, arg: A): R;
  getStore(): unknown;
  /** Makes a store the current one for the rest of a microtask, and for what follows from it. */
  enterWith?: ((store: unknown) => void) | undefined;
}

/**
 * Where the current scope travels with the async context. The store is immutable: entering a scope or a task
 * is one `run`, so that concurrent branches of one task do not overwrite each other (C16).
 */
export interface Slot extends AsyncStorage {
  /** It does not follow `await`, timers and callbacks: a scope is current only until its function first waits. */
  readonly synchronous?: boolean;
}

/** The part of the proposed AsyncContext.Variable that is used. */
interface AsyncVariable {
  run<A, R>(value: unknown, fn: (arg: A) => R, arg: A): R;
  get(): unknown;
}

interface HostContext {
  AsyncContext?: { Variable: new () => AsyncVariable };
  process?: { getBuiltinModule?(id: string): { AsyncLocalStorage: new () => AsyncStorage } | undefined };
}

/** The slot, made on first use: AsyncContext, else one AsyncLocalStorage, else a variable that only synchronous code sees. */
export function slot(): Slot {
  return (cell().slot ??= chooseSlot());
}

/** What stands in the slot; it may have ended. */
export function inSlot(): ScopeNode | undefined {
  return slot().getStore() as ScopeNode | undefined;
}

/**
 * Replaces the ambient slot of this process, before anything runs: by an AsyncLocalStorage the host has elsewhere, or by none (`null`).
 * `undefined` chooses anew at the next use.
 */
export function setAmbientSlot(storage: AsyncStorage | null | undefined): void {
  cell().slot = storage === null ? synchronousSlot() : storage;
}

/** Calls `fn` under that scope, or its nearest live ancestor (C20); undefined: under none. */
export function runUnder<T>(node: ScopeNode | undefined, fn: () => T): T {
  return slot().run(node, () => fn(), undefined);
}

function chooseSlot(): Slot {
  const { AsyncContext, process } = globalThis as HostContext;
  if (AsyncContext !== undefined) {
    const variable = new AsyncContext.Variable();
    return { run: (...args) => variable.run(...args), getStore: () => variable.get() };
  }
  const Storage = process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  return Storage === undefined ? synchronousSlot() : new Storage();
}

function synchronousSlot(): Slot {
  let current: unknown;
  return {
    synchronous: true,
    getStore: () => current,
    run(store, fn, arg) {
      const outer = current;
      current = store;
      try {
        return fn(arg);
      } finally {
        current = outer;
      }
    },
  };
}
