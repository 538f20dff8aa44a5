import { by, type Section } from "../behaviour.ts";

export const anyioShields: Section = {
  series: "anyio-3.1",
  title: "AnyIO: shields",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [
      81,
      "A shielded timeout protects its body from the group's cancellation, not what follows, and is itself not cancelled.",
      by({ "cancellation/behaviours-shields": "C12: a shielded timeout protects its block" }),
    ],
    [
      82,
      "Cancelled from within a shield: inside nothing is pending and the deadline is infinite; outside each wait throws.",
      by({ "cancellation/behaviours-shields": "C12: cancelled from within a shield" }),
    ],
    [
      83,
      "A shielded scope that is itself cancelled: that is pending in it, and a checkpoint throws.",
      by({ "cancellation/behaviours-shields": "C12: a shielded scope that is itself cancelled" }),
    ],
    [
      84,
      "In the finally of a cancelled scope it is pending, in a shield there it is not, and after that again.",
      by({ "cancellation/behaviours-shields": "C12: in finally of a cancelled scope" }),
    ],
    [
      85,
      "While a native cancellation is being handled nothing is pending.",
      by({ "cancellation/behaviours-delivery": "C17: an abort of one operation is not pending" }),
    ],
    [
      86,
      "A shielded scope is cancelled by its own cancel, called in another task.",
      by({ "cancellation/behaviours-shields": "C12: a shielded scope is cancelled by another task" }),
    ],
    [
      87,
      "The shield can be set, then a cancellation is survived; taken off, the next checkpoint throws.",
      by({ "cancellation/shield": "C12: it can be flipped while active" }),
    ],
    [
      88,
      "Two nested scopes cancelled from within a shield: the checkpoint after it, in the outer, throws.",
      by({ "cancellation/behaviours-shields": "C12: two scopes cancelled from within a shield" }),
    ],
    [
      89,
      "The same with the checkpoint in the middle scope.",
      by({ "cancellation/behaviours-shields": "C12: two scopes cancelled from within a shield" }),
    ],
    [
      90,
      "A child is cancelled also while the group's host is in a shield.",
      by({ "cancellation/shield": "C12: a shield around the body of a group" }),
    ],
  ],
};
