import { by, notPortable, type Section } from "../behaviour.ts";

export const anyioFailures: Section = {
  series: "anyio-3.1",
  title: "AnyIO: failing hosts and children",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [
      31,
      "A body that throws: the children are cancelled, and its error comes out in a group of one.",
      by({ "task-group/failures": "T2: the body's failure cancels the children" }),
    ],
    [
      32,
      "A failing child cuts the host's wait; its error comes out in a group of one, and what follows in the host does not run.",
      by({ "task-group/failures": "T2: a child's failure cancels its siblings and the body" }),
    ],
    [
      33,
      "A failing body cancels children that already wait.",
      by({ "task-group/failures": "T2: the body's failure cancels the children" }),
    ],
    [
      34,
      "A failing child cancels its siblings.",
      by({ "task-group/failures": "T2: a child's failure cancels its siblings and the body" }),
    ],
    [
      35,
      "Two failing children: both errors come out.",
      by({ "task-group/failures": "T2: all errors of body and children" }),
    ],
    [
      36,
      "The body fails, and a child throws as it is cancelled: both errors come out.",
      by({ "task-group/failures": "T2: errors raised while being cancelled are kept" }),
    ],
    [
      37,
      "Groups of errors from groups in groups stay nested, and hold no cancellation.",
      by({
        "task-group/failures": "T9: groups within groups stay groups",
        "task-group/behaviours-groups": "T9: groups keep their nesting",
      }),
    ],
    [
      38,
      "The group's error drags no context of other errors along.",
      by({ "task-group/behaviours-groups": "T2: the errors are the very objects" }),
    ],
    [
      39,
      "KeyboardInterrupt raised in a callback of the loop leaves the run, and nothing is logged.",
      notPortable("Ctrl-C throws nowhere; main cancels the root by it (F5)"),
    ],
    [
      40,
      "Cancelled from outside, without real errors: one plain cancellation leaves the group, not a group of them.",
      by({ "task-group/cancelled-groups": "T3: only cancellations left" }),
    ],
  ],
};

export const anyioScopes: Section = {
  series: "anyio-3.1",
  title: "AnyIO: which scope catches, and misuse",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [
      91,
      "A scope cancelled and left without a checkpoint was cancelled, but caught nothing.",
      by({ "cancellation/cancel-scope": "C8: a cancelled scope left without a checkpoint" }),
    ],
    [
      92,
      "Inner and outer cancelled before the wait: the outer catches, the inner does not, nothing between them runs.",
      by({ "cancellation/absorb": "C6: if both are cancelled the outer absorbs" }),
    ],
    [
      93,
      "The outer cancelled while the inner's cancellation unwinds: it passes the inner, and the outer catches.",
      by({ "cancellation/absorb": "C6: the outer cancelled while the inner's cancellation" }),
    ],
    [
      94,
      "The same with a shielded inner: that catches, code between them runs, the outer has caught nothing.",
      by({
        "cancellation/behaviours-shields": "C6: an outer scope cancelled meanwhile",
        "cancellation/absorb": "C6: a cancelled scope under a shield absorbs its own",
      }),
    ],
    [
      95,
      "A cancellation raised again inside a group of errors is recognised and absorbed.",
      by({ "cancellation/absorb": "C7: a group of nothing but Cancelled" }),
    ],
    [
      96,
      "From a group of an error and a cancellation the scope takes the cancellation; the error goes on, cause kept.",
      by({ "cancellation/absorb": "C7: from a group only the Cancelled leaves are removed" }),
    ],
    [
      97,
      "The same for a group in a group.",
      by({ "cancellation/absorb": "C7: from a group only the Cancelled leaves are removed" }),
    ],
    [
      98,
      "Leaving scopes in the wrong order is an error.",
      notPortable(
        "a scope is left by the end of its function; one that floats out of another moves to its ancestor (C20)",
      ),
    ],
    [
      99,
      "Leaving a scope that was not entered is an error.",
      notPortable("run enters and leaves; there is no call to leave"),
    ],
    [
      100,
      "Leaving a scope in another task is an error that says so.",
      notPortable("run enters and leaves; there is no call to leave"),
    ],
  ],
};
