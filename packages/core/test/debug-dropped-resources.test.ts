import { run, sleep } from "@arborio/core";
import { startDebug, type DebugReport } from "@arborio/core/debug";
import { trackResource } from "@arborio/core/lowlevel";
import { taskGroup } from "@arborio/task-group";
import { describe, expect, test } from "vitest";
import { collect } from "../../testing/test/garbage.ts";
import { found, titles } from "./debugging.ts";

/** Collects garbage, until the registry has been told. */
async function collected(until: () => boolean = () => false, rounds = 5): Promise<void> {
  for (let left = rounds; left > 0 && !until(); left--) {
    collect?.();
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

class Pipe {
  readonly #untrack: () => void;
  constructor(name: string) {
    this.#untrack = trackResource(this, `the pipe '${name}'`);
  }
  close(): void {
    this.#untrack();
    this.#untrack();
  }
}

describe.skipIf(collect === undefined)("with a garbage collector that can be asked", () => {
  test("a resource that is dropped unclosed is named, with its task and where it was opened", async () => {
    const reports: DebugReport[] = [];
    const stop = startDebug({ report: (report) => void reports.push(report) });
    await run(() =>
      taskGroup((group) => void group.spawn(async () => void new Pipe("dropped"), { name: "careless" })),
    );
    await collected(() => reports.length > 0, 100);
    stop();
    const lines = reports[0]?.message.split("\n") ?? [];
    expect(lines[0]).toBe("the pipe 'dropped', opened in task 'careless', was dropped unclosed");
    expect(lines[1]).toMatch(/^ {4}opened at new Pipe \(.*debug-dropped-resources\.test\.ts:/);
  });

  test("one that was closed, one that is held, and one opened before debug mode, are not", async () => {
    new Pipe("before");
    const held = new Pipe("held");
    const reports = await found(async () => {
      new Pipe("closed").close();
      const kept = new Pipe("kept");
      await collected();
      kept.close();
    });
    held.close();
    expect(titles(reports)).toEqual([]);
  });

  test("after debug mode has ended nothing is said", async () => {
    const reports = await found(() => void new Pipe("late"));
    await collected();
    expect(titles(reports)).toEqual([]);
  });
});

test("without debug mode it gives a function that does nothing, the same for all", () => {
  const stop = trackResource({}, "a thing");
  expect(stop).toBe(trackResource({}, "another"));
  expect(stop()).toBe(undefined);
});

test("closed when debug mode has ended meanwhile: nothing happens", async () => {
  let pipe: Pipe | undefined;
  await found(async () => {
    pipe = new Pipe("long-lived");
    await sleep(1);
  });
  expect(() => pipe?.close()).not.toThrow();
});
