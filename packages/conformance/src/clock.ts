import type { Backend, Clock } from "@arborio/core/backend";
import { suspend } from "@arborio/core/lowlevel";
import { equal, ok } from "./assert.ts";
import type { Register } from "./suite.ts";

/** The contract's clock. Each test leaves an alarm that has rung. */
export function clockTests({ raw }: Register): void {
  raw("clock: now is finite and never goes back", (backend) => {
    const { clock } = has(backend);
    let before = clock.now();
    ok(Number.isFinite(before), "now is finite");
    for (let i = 0; i < 1_000; i++) {
      const now = clock.now();
      ok(now >= before, "now did not go back");
      before = now;
    }
  });

  raw("clock: the alarm rings after arm has returned, also for a time that has passed", async (backend) => {
    const { clock } = has(backend);
    const rung = await ringing(clock, (ring) => {
      let returned = false;
      clock.arm(clock.now() - 1_000, () => ring(returned));
      returned = true;
    });
    equal(rung, true, "arm had returned");
  });

  raw("clock: an alarm set anew replaces the one before", async (backend) => {
    const { clock } = has(backend);
    const rings: string[] = [];
    const far = clock.now() + 2;
    clock.arm(far, () => rings.push("first"));
    while (rings.length === 0 && clock.now() < far + 2) await ringAt(clock, clock.now() + 1);
    equal(rings, [], "rings of the replaced alarm");
  });

  raw("clock: an alarm further away than a host's timers reach does not ring at once", async (backend) => {
    const { clock, scheduler } = has(backend);
    let rung = false;
    clock.arm(clock.now() + 2 ** 40, () => (rung = true));
    for (let i = 0; i < 20; i++)
      await suspend<void>((waiter) => scheduler?.hop(() => void waiter.resume()) ?? void waiter.resume());
    equal(rung, false, "whether it rang");
    await ringAt(clock, clock.now());
  });

  raw("clock: one that is not held rings once it is held", async (backend) => {
    const { clock } = has(backend);
    await ringing(clock, (ring) => {
      clock.arm(clock.now() + 1, () => ring(true));
      clock.hold(false);
      clock.hold(true);
    });
    clock.hold(false);
  });
}

function has({ clock, scheduler }: Backend): { clock: Clock; scheduler: Backend["scheduler"] } {
  ok(clock, "the backend has a clock");
  return { clock, scheduler };
}

function ringing<T>(clock: Clock, arm: (ring: (value: T) => void) => void): Promise<T> {
  return suspend<T>((waiter) => {
    arm((value) => void waiter.resume(value));
    clock.hold(true);
  });
}

function ringAt(clock: Clock, at: number): Promise<void> {
  return ringing<void>(clock, (ring) => clock.arm(at, () => ring()));
}
