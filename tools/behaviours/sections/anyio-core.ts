import { by, differs, notPortable, type Section } from "../behaviour.ts";

export const anyioCore: Section = {
  series: "anyio-3.8",
  title: "AnyIO: runs, tasks and checkpoints",
  source: "AnyIO's tests/test_eventloop.py, test_debugging.py and test_lowlevel.py",
  items: [
    [
      1,
      "sleep_until waits for what is left; a time that has passed is sleep(0).",
      by({
        "core/checkpoint": "sleep waits for its time, and sleepUntil until it",
        "core/turns": "C3: checkpoint, sleep(0) and a sleep until a time that has passed",
      }),
    ],
    [
      2,
      "sleep_forever is a sleep without end.",
      by({ "core/checkpoint": "sleep(Infinity) ends by cancellation alone" }),
    ],
    [
      3,
      "run takes any callable that gives anything awaitable.",
      by({
        "core/run": "run gives main's value",
        "core/behaviours-wake-ups": "run takes a function that returns any thenable",
      }),
    ],
    [
      4,
      "A backend that is unknown or not installed is an error that says so.",
      notPortable("a backend is a value one imports, not a name to look up"),
    ],
    [
      5,
      "The options of asyncio's loop: debug, its factory, uvloop, winloop.",
      notPortable("the host's event loop is the only one"),
    ],
    [
      6,
      "A mock clock as the backend's option: ten seconds pass in less than one.",
      by({ "testing/simulation": "an hour passes at once" }),
    ],
    [7, "The main task is named after its function.", by({ "core/run": "T8: the root task's name" })],
    [
      8,
      "Names: none gives the function's, text is taken, empty text too.",
      by({
        "task-group/spawn": "T8: task names: given, else the function's",
        "task-group/behaviours-groups": "T8: an empty name is a name",
      }),
    ],
    [
      9,
      "The running tasks can be listed, with names and parents.",
      by({ "core/task-tree": ["a task knows its parent", "the task tree as text"] }),
    ],
    [
      10,
      "Waiting until all tasks are blocked copes with tasks the library did not make.",
      by({ "core/quiescence": "waitAllTasksBlocked: a task that waits for a foreign promise" }),
    ],
    [
      11,
      "A task that is about to handle its cancellation does not count as blocked.",
      by({ "core/behaviours-wake-ups": "waitAllTasksBlocked: a task about to handle" }),
    ],
    [
      12,
      "checkpoint_if_cancelled throws when cancelled, and else does not yield.",
      by({
        "core/checkpoint": "C3: every function that may wait is a checkpoint",
        "core/turns": "C3: what is there needs no turn",
      }),
    ],
    [
      13,
      "cancel_shielded_checkpoint yields and never throws.",
      by({
        "core/checkpoint": "C3: cancelShieldedCheckpoint never throws",
        "core/turns": "C3: checkpoint, sleep(0) and a sleep until a time that has passed",
      }),
    ],
    [14, "checkpoint does both.", by({ "core/turns": "C3: they yield first, then look" })],
    [
      15,
      "A run variable is fresh in each run, and shared by its tasks.",
      by({ "core/run-var": "a run variable has one value for all tasks" }),
    ],
    [
      16,
      "Reading a run variable that was not set is a LookupError.",
      differs(null, "it gives undefined, as a Map does", {
        "core/run-var": "it begins with the value it was made with",
      }),
    ],
    [
      17,
      "A token of another variable, or one used before, is an error.",
      by({ "core/run-var": "a token is used once, and on its own variable" }),
    ],
    [18, "Two run variables of one name are two.", by({ "core/run-var": "two variables of one name" })],
    [19, "Sets of a run variable can be nested and taken back.", by({ "core/run-var": "reset puts back" })],
  ],
};

export const anyioPolicies: Section = {
  series: "anyio-3.8",
  title: "AnyIO: gather, as_completed, amap",
  source: "AnyIO's tests/test_concurrency_utils.py",
  items: [
    [
      20,
      "gather gives the results in the order of its arguments, in whatever order they come.",
      by({ "task-group/all": "all runs its functions at once" }),
    ],
    [
      21,
      "A failure in gather comes out in a group of errors.",
      by({ "task-group/all": "T11: the first failure cancels the others" }),
    ],
    [
      22,
      "as_completed gives tasks in the order in which they end.",
      by({ "task-group/as-completed": "the handles come in the order in which the tasks end" }),
    ],
    [
      23,
      "The tasks of as_completed keep their names.",
      by({ "task-group/as-completed": "of a group: its tasks, also those spawned meanwhile" }),
    ],
    [
      24,
      "as_completed of nothing is a ValueError.",
      differs(null, "no tasks is a loop without rounds, as map of none is a list of none", {
        "task-group/as-completed": "no functions: it ends at once",
      }),
    ],
    [
      25,
      "A failing task of as_completed fails it.",
      by({ "task-group/as-completed": "a failing task cancels the others" }),
    ],
    [
      26,
      "Leaving the loop over as_completed early cancels the rest.",
      by({ "task-group/as-completed": "it gives what the callback gives; left early" }),
    ],
    [
      27,
      "amap gives the results in the order of the items.",
      by({ "task-group/map": "map calls fn with each item at once" }),
    ],
    [28, "amap of nothing is an empty list.", by({ "task-group/map": "map of none is a list of none" })],
    [
      29,
      "A failure in amap comes out in a group of errors.",
      by({ "task-group/map": "T11: the first failure cancels the others" }),
    ],
  ],
};
