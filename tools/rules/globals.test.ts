import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../workspace.ts";
import { globalFaults } from "./globals.ts";

// The rule asks the type checker, so the planted sources are files; the folder is one git ignores.
const folder = path.join(root, ".examples", "packages", "streams", "src");
const plant = (name: string, text: string): string => {
  writeFileSync(path.join(folder, name), text);
  return name;
};

beforeAll(() => mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(path.join(root, ".examples", "packages"), { recursive: true }));

const faultsIn = (name: string): string[] =>
  globalFaults([`packages/streams/src/${name}`], path.join(root, ".examples"));

test.each([
  ["fetch", 'export const a = fetch("x");'],
  ["a type", "export type A = WebSocket;"],
  ["setTimeout", "setTimeout(() => {}, 1);"],
  ["a host by globalThis", "(globalThis as any).x; globalThis.process;"],
  ["a declaration of its own", "declare const Deno: { version: string };"],
])("%s is a fault", (_, text) => expect(faultsIn(plant("bad.ts", text))).toHaveLength(1));

test("what the table allows, and a local name, are none", () => {
  const text =
    "export function f(fetch: number, signal?: AbortSignal): number { signal?.throwIfAborted(); return fetch; }";
  expect(faultsIn(plant("good.ts", text))).toEqual([]);
});
