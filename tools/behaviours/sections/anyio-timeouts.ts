import { by, type Section } from "../behaviour.ts";

const bothFlags = { "cancellation/behaviours-timeouts": "C13: a deadline that cut the block set both flags" };
const none = { "cancellation/behaviours-timeouts": "C11: null: no deadline of its own" };

export const anyioTimeouts: Section = {
  series: "anyio-3.1",
  title: "AnyIO: timeouts",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [
      64,
      "fail_after(0) throws TimeoutError; the cancellation inside names the deadline; both flags are set.",
      by({ ...bothFlags, "cancellation/timeouts": "C13: failAfter throws TimeoutError" }),
    ],
    [
      65,
      "The same after a real delay.",
      by({ ...bothFlags, "cancellation/timeouts": "C13: after exactly its time" }),
    ],
    [66, "fail_after(None): no deadline, nothing cancelled.", by(none)],
    [
      67,
      "fail_after works after an earlier cancellation in the same task.",
      by({ "cancellation/behaviours-timeouts": "C13: failAfter works after an earlier cancellation" }),
    ],
    [
      68,
      "An explicit cancel before the deadline throws no TimeoutError.",
      by({ "cancellation/timeouts": "C13: an explicit cancel() does not throw" }),
    ],
    [
      69,
      "Nor if the deadline passes afterwards. (Expected to fail in AnyIO, a known gap; here it holds.)",
      by({ "cancellation/timeouts": "C13: neither if the deadline passes afterwards" }),
    ],
    [
      70,
      "The reason given to fail_after and fail_at is in the TimeoutError.",
      by({ "cancellation/timeouts": "C13: the message is the reason given" }),
    ],
    [71, "move_on_after cuts the body, at once for 0 or later; both flags are set.", by(bothFlags)],
    [72, "move_on_after(None) cancels nothing.", by(none)],
    [
      73,
      "Of nested timeouts the outer, shorter one cuts and is the effective deadline; the inner's flags stay unset.",
      by({ "cancellation/behaviours-timeouts": "C14: of nested timeouts the outer, shorter one cuts" }),
    ],
    [
      74,
      "fail_at and move_on_at, at once, later and with None, as their relative forms.",
      by({
        "cancellation/timeouts": "C13: after exactly its time",
        "cancellation/deadlines": "C11: moveOnAt takes a time of the clock",
        ...none,
      }),
    ],
    [
      75,
      "A deadline reached before entry cuts at the first checkpoint.",
      by({ "cancellation/deadlines": "C11: one already past at entry cancels at once" }),
    ],
    [
      76,
      "Moving the deadline later before it passes prevents the timeout.",
      by({ "cancellation/deadlines": "C11: moving it later before expiry prevents it" }),
    ],
    [
      77,
      "TimeoutError is thrown though a group in the block was cancelled too.",
      by({ "cancellation/timeouts": "C13: it throws though a group inside was cancelled" }),
    ],
    [
      78,
      "fail_after in scopes cancelled from outside: nothing after the wait runs in them, no TimeoutError.",
      by({
        "cancellation/timeouts": "C13: only if its own scope caught it",
        "cancellation/absorb": "C6: a scope that was not cancelled lets the Cancelled",
      }),
    ],
    [
      79,
      "A shielded fail_after in a cancelled scope throws its TimeoutError.",
      by({ "cancellation/timeouts": "C13: with a shield only its own deadline cuts it" }),
    ],
    [
      80,
      "A shield hides outer deadlines from the effective deadline.",
      by({ "cancellation/effective-deadline": "C14: the least deadline up to and including" }),
    ],
  ],
};
