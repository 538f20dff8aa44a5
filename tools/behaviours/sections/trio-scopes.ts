import { by, differs, type Section } from "../behaviour.ts";

const source = "trio's test_run.py, test_cancelled.py and test_timeouts.py";

export const trioScopes: Section = {
  series: "trio-5.1",
  title: "trio: cancel scopes",
  source,
  items: [
    [
      1,
      "Cancellation is level-triggered: one Cancelled caught, the next checkpoint throws again.",
      by({ "cancellation/cancel-scope": "C2: every checkpoint in a cancelled scope throws" }),
    ],
    [
      2,
      "Cancelling twice is cancelling once; a wait is taken back once.",
      by({
        "cancellation/cancel-scope": "C9: cancel is idempotent",
        "cancellation/reentrancy": "C4: a take-back is called once",
      }),
    ],
    [
      3,
      "In a cancelled scope every checkpoint and every wait throws, but for the shielded checkpoint.",
      by({
        "core/checkpoint": [
          "C3: every function that may wait is a checkpoint",
          "C3: cancelShieldedCheckpoint never throws",
        ],
      }),
    ],
    [
      4,
      "A cancelled scope without a checkpoint: called, not caught; what was pending goes with it.",
      by({
        "cancellation/cancel-scope": "C8: a cancelled scope left without a checkpoint",
        "cancellation/behaviours-delivery": "C8: what no checkpoint saw goes with the scope",
      }),
    ],
    [
      5,
      "Of two nested cancelled scopes the outer absorbs, and the inner has caught nothing.",
      by({ "cancellation/absorb": "C6: if both are cancelled the outer absorbs" }),
    ],
    [
      6,
      "From a group the scope takes the Cancelled leaves only; other errors go on, regrouped.",
      by({ "cancellation/absorb": "C7: from a group only the Cancelled leaves are removed" }),
    ],
    [
      7,
      "The Cancelled of an inner nursery's children pass if an outer scope is cancelled before it ends.",
      by({ "task-group/cancelled-groups": "T2: if a visible outer scope is cancelled too" }),
    ],
    [
      8,
      "A group without any Cancelled goes through a cancelled scope untouched, and nothing was caught.",
      by({ "cancellation/absorb": "C7: a group without any is left untouched" }),
    ],
    [
      9,
      "A scope cancelled before entry: the first checkpoint inside throws.",
      by({ "cancellation/cancel-scope": "C9: cancelled before entry" }),
    ],
    [
      10,
      "A scope made in one task, entered in another and cancelled from the first works.",
      by({ "cancellation/behaviours-delivery": "C1: a scope that another task made and cancels" }),
    ],
    [
      11,
      "A scope used again, entered while active, or by a second task, is an error.",
      by({ "cancellation/cancel-scope-run": "C16: a scope is used once" }),
    ],
    [
      12,
      "Cancelling after exit changes nothing but that it was called.",
      by({ "cancellation/cancel-scope": "C9: after exit cancel only changes cancelCalled" }),
    ],
    [
      13,
      "A scope not yet entered whose deadline has passed counts as cancelled, whatever becomes of the deadline.",
      differs("C11", "deadlines count from entry; before it nothing is cancelled by them", {
        "cancellation/deadlines": "C11: one already past at entry cancels at once",
      }),
    ],
    [
      14,
      "shield takes a boolean; anything else is a TypeError, and the value stays.",
      by({ "cancellation/shield": "C12: shield must be a boolean" }),
    ],
    [
      15,
      "A shield hides what is outside; its own cancel and deadline, and those within, still work.",
      by({
        "cancellation/shield": [
          "C12: its own cancel and those of scopes within",
          "C12: its own deadline and those of scopes within",
        ],
      }),
    ],
    [
      16,
      "A shield can be flipped again and again; taken off, the next checkpoint throws what waited outside.",
      by({ "cancellation/shield": "C12: it can be flipped while active" }),
    ],
    [
      17,
      "Taking a shield off wakes a child that sleeps behind it at once.",
      by({ "cancellation/shield": "C12: taking it off while an outer scope is cancelled" }),
    ],
    [
      18,
      "A shield set in finally, with the outer Cancelled in flight, does not make the inner scope take it.",
      by({ "cancellation/shield": "C12: setting it in finally" }),
    ],
    [
      19,
      "A shielded timeout still times out.",
      by({
        "cancellation/shield": "C12: its own deadline and those of scopes within",
        "cancellation/timeouts": "C13: with a shield only its own deadline cuts it",
      }),
    ],
    [
      20,
      "A cancellation reaches grandchildren through nested nurseries.",
      by({ "cancellation/cancel-scope": "C1: a cancellation reaches the tasks of groups within" }),
    ],
  ],
};
