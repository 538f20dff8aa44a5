import { by, differs, notPortable, type Section } from "../behaviour.ts";

export const trioDeadlines: Section = {
  series: "trio-5.1",
  title: "trio: deadlines, reasons, limits",
  source: "trio's test_run.py, test_cancelled.py and test_timeouts.py",
  items: [
    [
      21,
      "The deadline is looked at on entry: one that has passed cancels at once.",
      by({ "cancellation/deadlines": "C11: one already past at entry cancels at once" }),
    ],
    [
      22,
      "A deadline can be moved earlier or later while active; into the past cancels.",
      by({
        "cancellation/deadlines": [
          "C11: moving it later before expiry",
          "C11: moving it earlier holds",
          "C11: moving it into the past cancels",
        ],
      }),
    ],
    [
      23,
      "A deadline that passed while code ran is seen by the very next checkpoint.",
      by({ "cancellation/deadlines": "C11: one that passed while code ran" }),
    ],
    [
      24,
      "The clock going on after a scope's exit never marks it as cancelled.",
      by({ "cancellation/timeouts": "C11: who leaves in time is not cancelled later" }),
    ],
    [
      25,
      "The effective deadline is the least of the unshielded chain, minus infinity once cancelled; a shield hides that.",
      by({
        "cancellation/effective-deadline": [
          "C14: the least deadline up to and including",
          "C14: -Infinity if effectively cancelled",
        ],
      }),
    ],
    [
      26,
      "Absolute and relative deadline together, NaN and a negative relative one are errors.",
      differs("C11", "of both the earlier holds, and a negative one counts as 0; NaN is a RangeError", {
        "cancellation/behaviours-timeouts": "C11: deadline and timeout together",
        "cancellation/deadlines": ["C11: NaN is a RangeError", "C11: a negative duration counts as 0"],
      }),
    ],
    [
      27,
      "A relative deadline counts from entry; read as an absolute one before that is an error.",
      differs("C11", "before entry it reads Infinity; the rest is the same", {
        "cancellation/behaviours-timeouts": "C11: a timeout counts from entry",
      }),
    ],
    [
      28,
      "After entry the relative and the absolute view read and write one deadline.",
      differs("C11", "there is the absolute view only; the timeout is in it from entry on", {
        "cancellation/behaviours-timeouts": "C11: a timeout counts from entry",
      }),
    ],
    [
      29,
      "Negative and NaN durations are errors, for sleep and for timeouts.",
      differs("C11", "a negative one counts as 0; NaN is a RangeError", {
        "cancellation/deadlines": ["C11: NaN is a RangeError", "C11: a negative duration counts as 0"],
      }),
    ],
    [
      30,
      "A deadline assigned back and forth thousands of times does not grow the heap of deadlines.",
      by({ "cancellation/effective-deadline": "C15: re-assigning a deadline 1e5 times" }),
    ],
    [
      31,
      "5,000 nested scopes: a cancellation does not overflow the stack.",
      by({ "cancellation/effective-deadline": "C15: 5,000 nested scopes" }),
    ],
    [
      32,
      "The repr of a scope says its state and the time to its deadline.",
      notPortable("objects have no repr; state and deadline are properties"),
    ],
    [
      33,
      "Users can neither construct nor subclass Cancelled; it can be pickled.",
      differs("C6", "it can be constructed, which cancels nothing: what a scope absorbs goes by its state", {
        "cancellation/absorb": "C6: absorbed by state",
      }),
    ],
    [
      34,
      "The text of a Cancelled says its source, the reason and the task, if there are any.",
      by({ "cancellation/cancel-scope": "C10: Cancelled says its source" }),
    ],
    [
      35,
      "A deadline, also one set into the past, gives the source deadline and no reason.",
      by({
        "cancellation/cancel-scope": "C10: the source of a passed deadline is deadline",
        "cancellation/behaviours-timeouts": "C10: a deadline set into the past",
      }),
    ],
    [
      36,
      "The first reason wins; with inner and outer cancelled the text says the inner's own.",
      differs("C9", "between the two the first wins as well", {
        "cancellation/cancel-scope": "C9: cancel is idempotent",
        "cancellation/behaviours-delivery": "C9: of an inner and an outer cancellation the first",
      }),
    ],
    [
      37,
      "The siblings of a failed task see its name and error; if the body fails, the parent's.",
      by({
        "task-group/failures": "C10: the siblings of a failed task",
        "task-group/behaviours-groups": "C10: the body fails",
      }),
    ],
    [
      38,
      "A task cut by Ctrl-C sees that as the source.",
      by({ "core/behaviours-wake-ups": "F5: what SIGINT cuts in main sees source signal" }),
    ],
    [
      39,
      "Scopes and nurseries leave no reference cycles behind.",
      notPortable("the garbage collector takes cycles; what must not be kept is F3's"),
    ],
  ],
};

const ancestor = "what floats out of its scope moves to the nearest live ancestor";
const moves = { "cancellation/floating": "C20: a scope still open in one that ended moves to its ancestor" };
const floats = { "cancellation/behaviours-delivery": "C20: tasks that float out of their scope go on" };

export const trioMisnesting: Section = {
  series: "trio-5.2",
  title: "trio: misnesting",
  source: "trio's test_run.py",
  items: [
    [40, "Closing an outer scope while an inner is open is an error.", differs("C20", ancestor, moves)],
    [41, "Tasks left in the abandoned part are cancelled.", differs("C20", `${ancestor}, tasks too`, floats)],
    [
      42,
      "Closing a scope from an unrelated task is an error, and changes nothing.",
      notPortable("run enters and leaves; there is no call to leave"),
    ],
    [
      43,
      "Closing a scope twice is an error.",
      notPortable("run enters and leaves; there is no call to leave"),
    ],
    [
      44,
      "A task that ends with a nursery still open: that is cancelled, and the task fails.",
      differs("C20", `${ancestor}; a test in a root fails on it, and debug mode names it`, {
        "cancellation/floating": "C20: a wait in a task that has ended belongs to its group",
        "testing/in-root": "it fails on a task left behind",
        "core/debug-ended-scopes": "C20: in a task that has ended: it and its parent are named",
      }),
    ],
    [
      45,
      "A nursery kept open beyond its parent is an error; its tasks still clean up.",
      differs("C20", ancestor, floats),
    ],
  ],
};
