import { isCancelled, run } from "@arborio/core";
import { createHopScheduler, type Backend, type WakeUp } from "@arborio/core/backend";
import { CancelScope } from "@arborio/cancellation";
import { expect } from "vitest";

/** How many turns a wait takes under a scheduler that does nothing but count them, in a live scope or a cancelled one. */
export async function turnsOf(wait: () => Promise<unknown>, cancelled = false): Promise<number> {
  const platform = createHopScheduler();
  let coming: WakeUp[] = [];
  let turn = 0;
  const takeTurn = (): void => {
    const now = coming;
    coming = [];
    turn++;
    now.forEach((wakeUp) => wakeUp.deliver());
  };
  const ready = (wakeUp: WakeUp): void => {
    if (coming.push(wakeUp) === 1) platform.hop(takeTurn);
  };
  const backend: Backend = {
    name: "counting",
    scheduler: { ready, hop: (wake: () => void) => ready({ deliver: wake }) },
  };
  let turns = -1;
  const body = async (scope: CancelScope): Promise<void> => {
    if (cancelled) scope.cancel();
    const before = turn;
    const error = await wait().then(
      () => undefined,
      (reason: unknown) => reason,
    );
    turns = turn - before;
    expect(isCancelled(error)).toBe(cancelled);
  };
  await run(() => new CancelScope().run(body), { backend });
  return turns;
}
