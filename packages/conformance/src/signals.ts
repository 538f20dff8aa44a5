import { isError } from "@arborio/core";
import type { SignalName, SignalsBackend } from "@arborio/core/backend";
import { ok, thrown } from "./assert.ts";
import type { Register } from "./suite.ts";

/** The contract's signals, as far as they can be tested from within; arrival is tested in processes of their own. */
export function signalsTests({ raw }: Register): void {
  raw("signals: two may listen for one, and each may stop", ({ signals }) => {
    const listener = (): void => {};
    const stops = [0, 1].map(() => (signals as SignalsBackend).listen("SIGINT", listener));
    for (const stop of stops) stop();
  });

  raw("signals: a name of any length is EINVAL, in one short line", ({ signals }) => {
    const error = thrown(() =>
      (signals as SignalsBackend).listen("X\n".repeat(1 << 19) as SignalName, () => {}),
    );
    ok(isError(error, "OSError") && error.message.length <= 300, "an OSError with a short message");
    ok(!error.message.includes("\n"), "of one line");
  });

  raw("signals: one that the system does not have is EINVAL", ({ signals }) => {
    let error: unknown;
    try {
      (signals as SignalsBackend).listen("SIGNONE" as SignalName, () => {});
    } catch (thrown) {
      error = thrown;
    }
    ok(isError(error, "OSError") && error.code === "EINVAL", `an OSError EINVAL, received ${String(error)}`);
  });
}
