import { cell } from "./cell.ts";
import type { ScopeNode } from "./scope/node.ts";

/**
 * Where the current scope travels with the async context. The store is immutable: entering a scope or a task
 * is one `run`, so that concurrent branches of one task do not overwrite each other (C16).
 */
export interface Slot {
  /** Whether it follows `await`, timers and callbacks; if not, a scope is current only until its function first waits. */
  readonly ambient: boolean;
  readonly run: <A, R>(node: ScopeNode | undefined, fn: (arg: A) => R, arg: A) => R;
  readonly get: () => ScopeNode | undefined;
}

/** The part of AsyncLocalStorage that is used. */
export interface AsyncStorage {
  run<A, R>(store: unknown, fn: (arg: A) => R, arg: A): R;
  getStore(): unknown;
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

/**
 * Replaces the ambient slot of this process, before anything runs: by an AsyncLocalStorage the host has elsewhere, or by none (`null`).
 * `undefined` chooses anew at the next use.
 */
export function setAmbientSlot(storage: AsyncStorage | null | undefined): void {
  cell().slot =
    storage === undefined ? undefined : storage === null ? synchronousSlot() : storageSlot(storage);
}

/** Calls `fn` under that scope, or its nearest live ancestor (C20); undefined: under none. */
export function runUnder<T>(node: ScopeNode | undefined, fn: () => T): T {
  return slot().run(node, () => fn(), undefined);
}

function chooseSlot(): Slot {
  const host = globalThis as HostContext;
  const Storage = host.process?.getBuiltinModule?.("node:async_hooks")?.AsyncLocalStorage;
  const { Variable } = host.AsyncContext ?? {};
  if (Variable !== undefined) return variableSlot(new Variable());
  return Storage === undefined ? synchronousSlot() : storageSlot(new Storage());
}

function variableSlot(variable: AsyncVariable): Slot {
  return storageSlot({ run: (node, fn, arg) => variable.run(node, fn, arg), getStore: () => variable.get() });
}

function storageSlot(storage: AsyncStorage): Slot {
  return {
    ambient: true,
    run: (node, fn, arg) => storage.run(node, fn, arg),
    get: () => storage.getStore() as ScopeNode | undefined,
  };
}

function synchronousSlot(): Slot {
  let current: ScopeNode | undefined;
  return {
    ambient: false,
    get: () => current,
    run: (node, fn, arg) => {
      const outer = current;
      current = node;
      try {
        return fn(arg);
      } finally {
        current = outer;
      }
    },
  };
}
