// Which turn a wait ends in (C3), under a scheduler that does nothing but count them.
import { isCancelled, run } from "@arborio/core";
import { createHopScheduler, type Backend, type WakeUp } from "@arborio/core/backend";
import { CancelScope } from "@arborio/cancellation";
import { expect } from "vitest";

/** A backend of turns, and in which turn it is. */
export function counting(): Backend & { turn: number } {
  const platform = createHopScheduler();
  let coming: WakeUp[] = [];
  const takeTurn = (): void => {
    const turn = coming;
    coming = [];
    backend.turn++;
    turn.forEach((wakeUp) => wakeUp.deliver());
  };
  const ready = (wakeUp: WakeUp): void => {
    if (coming.push(wakeUp) === 1) platform.hop(takeTurn);
  };
  const backend = {
    name: "counting",
    turn: 0,
    scheduler: { ready, hop: (wake: () => void) => ready({ deliver: wake }) },
  };
  return backend;
}

/** How many turns a wait takes, in a live scope or a cancelled one. */
export function turnsOf(wait: () => Promise<unknown>, cancelled = false): Promise<number> {
  const backend = counting();
  return run(
    () =>
      new CancelScope().run(async (scope) => {
        if (cancelled) scope.cancel();
        const before = backend.turn;
        const error = await wait().then(
          () => undefined,
          (reason: unknown) => reason,
        );
        expect(isCancelled(error)).toBe(cancelled);
        return backend.turn - before;
      }) as Promise<number>,
    { backend },
  );
}
