import { by, differs, notPortable, type Section } from "../behaviour.ts";

export const anyioGroups: Section = {
  series: "anyio-3.1",
  title: "AnyIO: task groups",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [1, "Spawning into a group that has ended is an error.", by({ "task-group/spawn": "T4: after the end" })],
    [
      2,
      "When a group ends, all tasks started in it have run.",
      by({ "task-group/task-group": "T1: the block ends" }),
    ],
    [
      3,
      "A group works in an event loop that the library did not start.",
      by({ "core/run": "F4: outside any run" }),
    ],
    [
      4,
      "While the host waits at the end, a child may still start more children in the group.",
      by({ "task-group/spawn": "T4: children may spawn while" }),
    ],
    [
      5,
      "Spawning into a group that has failed is an error.",
      by({ "task-group/spawn": "T4: after the end" }),
    ],
    [6, "start() on a group that has ended is an error.", by({ "task-group/spawn": "T4: after the end" })],
    [
      7,
      "A group is entered once.",
      notPortable("taskGroup makes a group and runs it in one call; there is nothing to enter again"),
    ],
    [
      8,
      "Leaving a group without children lets others run once.",
      by({ "task-group/task-group": ["T7: leaving an empty group yields", "T7: by one turn"] }),
    ],
    [
      9,
      "Entering and leaving an empty group in a cancelled scope does not throw the cancellation.",
      by({
        "task-group/task-group": "T7: but is no cancellation point",
        "core/turns": "T7: an empty group costs the turn in a cancelled scope too",
      }),
    ],
  ],
};

export const anyioStart: Section = {
  series: "anyio-3.1",
  title: "AnyIO: start and started",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [
      10,
      "started() without a value: start gives none.",
      by({ "task-group/start": "T5: started() without a value" }),
    ],
    [11, "Saying started twice is an error.", by({ "task-group/start": "T5: twice is an error" })],
    [
      12,
      "A plain function may say started before it returns its coroutine; the value is kept and the handle has the result.",
      by({ "task-group/behaviours-start": "T5: a plain function may say started" }),
    ],
    [
      13,
      "A plain function that says started twice makes start throw.",
      differs("T5", "the first started hands the child to the group, whose error the second then is", {
        "task-group/behaviours-start": "T5: a second started in the same step",
      }),
    ],
    [
      14,
      "Cancelling the group between making and awaiting the start call does not end in an error about a second started.",
      by({ "task-group/behaviours-start": "T5: the group cancelled between the call" }),
    ],
    [
      15,
      "start gives what the child says with started.",
      by({ "task-group/start": "T5: start waits until started" }),
    ],
    [
      16,
      "A child that fails before started: start throws its very error, and the group is unharmed.",
      by({ "task-group/start": "T5: its error before started" }),
    ],
    [
      17,
      "A child that fails after started: start had returned the value, and the group throws the one error in a group.",
      by({ "task-group/start": "T5: its error after started" }),
    ],
    [
      18,
      "A child that ends without saying started is an error of start.",
      by({ "task-group/start": "T5: returning without" }),
    ],
    [
      19,
      "start in a cancelled group: the child begins, is cut at its first checkpoint, and does not finish.",
      by({ "task-group/behaviours-start": "T5: in a cancelled group the child begins" }),
    ],
    [
      20,
      "A native cancellation of the host during start goes on as such, and the child is cancelled.",
      by({ "task-group/start-cancelled": "T5: an abort of a foreign signal given to it" }),
    ],
    [
      21,
      "The child cancelled by itself before started: the group ends, the child unfinished.",
      by({ "task-group/start-cancelled": "T5: a child that cancels itself before started" }),
    ],
    [
      22,
      "A native cancellation of a group's host leaves the group as the native cancellation it was.",
      by({ "cancellation/signals": "C17: given to a group it cancels that" }),
    ],
    [
      23,
      "A function that gives no coroutine is a TypeError that says so.",
      notPortable("a function that gives a plain value is a task like others"),
    ],
    [
      24,
      "A failing inner group cuts a start call in it that is into an outer group; the child does not finish.",
      by({ "task-group/start-cancelled": "T5: a failing group around the call" }),
    ],
    [
      25,
      "Cancelling a scope around a start call cancels the starting child only, not the group.",
      by({ "task-group/start-cancelled": "T5: cancelling the call cancels the child" }),
    ],
    [
      26,
      "start can give the handle, which has the started value and the result.",
      by({ "task-group/start": "T5: started() without a value gives undefined; returnHandle" }),
    ],
    [
      27,
      "Such a handle cancelled and waited for still has the started value.",
      by({ "task-group/behaviours-start": "T6: the handle of a started task that was cancelled" }),
    ],
    [
      28,
      "With start pending and the host cancelled, a shield in the child holds the cancellation off until it is left.",
      by({ "task-group/behaviours-start": "T5: a shield in the starting child" }),
    ],
    [
      29,
      "The parent of a spawned task is the group's host, also when another child spawned it.",
      by({ "task-group/behaviours-groups": "T1: the parent of a spawned task" }),
    ],
    [
      30,
      "A starting child's parent is the caller before started, and the host after it.",
      by({ "task-group/start": "T5: until then the child belongs to the caller" }),
    ],
  ],
};
