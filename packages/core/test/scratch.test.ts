import { expect, test } from "vitest";
import { run, sleep, checkpoint, split, isCancelled, currentTime, TaskGroupError, Cancelled, formatError } from "@arborio/core";
import { suspend, WaitQueue, perform, setAmbientSlot, isCancelledLeaf } from "@arborio/core/lowlevel";
import { CancelScope, moveOnAfter } from "@arborio/cancellation";
import { taskGroup } from "@arborio/task-group";
import { simulate, simulation } from "@arborio/testing";
import { errorOf } from "../../testing/test/outcome.ts";

test("A lazy thenable", async () => {
  const v = await simulate(() => moveOnAfter(10, () => ({ then(ok: (v: string) => void) { sleep(1000).then(() => ok("late")); } } as never)));
  expect(v).toBe(undefined);
});
test("B empty aggregate in a cancelled scope", async () => {
  const scope = new CancelScope();
  await expect(scope.run(() => { scope.cancel(); throw new AggregateError([], "none"); })).rejects.toThrow("none");
});
test("C cyclic split", () => {
  const g = new AggregateError([]);
  g.errors.push(g, new Error("x"), new TypeError("y"));
  const [a] = split(g, (e) => e instanceof TypeError);
  expect((a as AggregateError).errors.length).toBe(1);
});
test("D order", async () => {
  const q = new WaitQueue<number>();
  const got: number[] = [];
  await run(async () => {
    await taskGroup(async (group) => {
      for (let i = 0; i < 300; i++) group.spawn(async () => { await suspend<number>((w) => q.add(w)); got.push(i); });
      while (q.size < 300) await new Promise((r) => setTimeout(r, 5));
      q.wakeAll(1);
    });
  });
  expect(got.findIndex((v, i) => v !== i)).toBe(-1);
});
test("E foreign then sleep", async () => {
  const t = performance.now();
  await simulate(async () => { await new Promise((r) => setTimeout(r, 5)); await sleep(10); });
  expect(performance.now() - t).toBeLessThan(300);
});
test("F impatience", async () => {
  const v = await simulate(async () => {
    await perform(() => new Promise((r) => setTimeout(r, 60)));
    return moveOnAfter(1000, () => perform(() => new Promise<string>((r) => setTimeout(() => r("ok"), 10))));
  }, { patience: 30 });
  expect(v).toBe("ok");
});
test("F2 impatience", async () => {
  const v = await simulate(async () => {
    await perform(() => new Promise((r) => setTimeout(r, 60)));
    return moveOnAfter(1000, () => perform(() => new Promise<string>((r) => setTimeout(() => r("ok"), 60))));
  }, { patience: 100 });
  expect(v).toBe("ok");
});
test("G sibling by", async () => {
  let seen: any;
  await errorOf(simulate(() => taskGroup(async (group) => {
    group.spawn(async () => { throw new Error("x"); }, { name: "bad" });
    try { await sleep(100); } catch (e) { seen = e; throw e; }
  })));
  expect(seen.by).toBe("bad");
});
test("H mixed group floating is not silent", async () => {
  const before = process.listeners("unhandledRejection"); process.removeAllListeners("unhandledRejection");
  const seen: unknown[] = []; const on = (e: unknown) => { seen.push(e); }; process.on("unhandledRejection", on);
  await simulate(async () => {
    const outer = new CancelScope();
    await outer.run(async () => {
      void taskGroup(async (g) => { g.spawn(async () => { try { await sleep(100); } finally { throw new Error("real"); } }); await sleep(100); });
      await sleep(1);
      outer.cancel();
      await sleep(1);
    });
    await sleep(100);
  });
  await new Promise((r) => setTimeout(r, 10));
  process.off("unhandledRejection", on); for (const l of before) process.on("unhandledRejection", l as never);
  expect(seen.length).toBe(1);
});
test("I start: aborted signal and started", async () => {
  const c = new AbortController();
  const log: string[] = [];
  const r = await simulate(() => taskGroup(async (g) => {
    const p = g.start(async (t) => { try { await sleep(100); } finally { t.started("v"); log.push(t.status); } }, { signal: c.signal });
    await sleep(1);
    c.abort(new Error("no"));
    return errorOf(p);
  }));
  expect(String(r)).toBe("Error: no");
});
test("J null prototype thrown by child", async () => {
  const e = await errorOf(simulate(() => taskGroup(async (g) => { g.spawn(() => { throw Object.create(null); }); })));
  expect(e).toBeInstanceOf(TaskGroupError);
  formatError(e);
});
test("K arm cancels", async () => {
  let aborted = false;
  await simulate(async () => {
    const s = new CancelScope();
    await s.run(() => perform((signal) => { signal.addEventListener("abort", () => { aborted = true; }); s.cancel(); return new Promise(() => {}); }));
  });
  expect(aborted).toBe(true);
});
test("L stale waiter in a queue", async () => {
  const q = new WaitQueue<number>();
  let first: any;
  const a = suspend<number>((w) => { first = w; q.add(w); });
  const b = suspend<number>((w) => q.add(w));
  first.resume(1);
  expect(q.size).toBe(1);
  expect(q.wake(2)).toBe(true);
  expect([await a, await b]).toEqual([1, 2]);
});
test("M formatError of a SuppressedError", () => {
  const e = Object.assign(new Error("s"), { name: "SuppressedError", error: new Error("one"), suppressed: new Error("two") });
  expect(formatError(e)).toMatch(/one[\s\S]*two/);
});
test("N primitives thrown by two", async () => {
  const e: any = await errorOf(simulate(() => taskGroup(async (g) => { g.spawn(() => { throw "x"; }); g.spawn(() => { throw "x"; }); })));
  expect(e.errors).toEqual(["x", "x"]);
});
test("O slotless: no false warnings, C2", async () => {
  const warned: unknown[] = []; const w = console.warn; console.warn = (m) => { warned.push(m); };
  setAmbientSlot(null);
  try {
    await simulate(async (root) => {
      const { signal } = root;
      await sleep(1, { signal });
      await taskGroup(async (g) => { g.spawn(async (t) => { await sleep(1, { signal: t.signal }); await checkpoint({ signal: t.signal }); }); await sleep(1, { signal: g.signal }); }, { signal });
      await taskGroup(() => 1, { signal });
      const s = new CancelScope();
      expect(await s.run(() => { s.cancel(); return checkpoint().then(() => "went on"); }, { signal })).toBe(undefined);
    });
    expect(warned).toEqual([]);
  } finally { console.warn = w; setAmbientSlot(undefined); }
});
