import { shield } from "@arborio/cancellation";

/** Does `act` under the deadline, and then, whatever became of it, `check`. */
export async function underDeadline(
  act: () => Promise<unknown>,
  check: (done: boolean) => unknown,
): Promise<void> {
  let done = false;
  try {
    await act();
    done = true;
  } finally {
    await shield(() => check(done));
  }
}
