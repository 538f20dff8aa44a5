import { by, differs, waitsFor, type Section } from "../behaviour.ts";

export const curioGroups: Section = {
  series: "curio-5.10",
  title: "curio: task groups",
  source: "curio's tests/test_task.py",
  items: [
    [
      126,
      "By default the block gives results in the order of creation, and throws no error of a task.",
      differs("T2", "a group throws; allSettled gives results in order, errors too", {
        "task-group/all-settled": "allSettled says of each how it ended",
      }),
    ],
    [
      127,
      "The first task to fail cancels the others, and one is told which it was.",
      by({
        "task-group/failures": "C10: the siblings of a failed task",
        "task-group/all": "T11: the first failure cancels the others",
      }),
    ],
    [
      128,
      "any: the first to end wins, also by failing; the others are cancelled.",
      by({
        "task-group/race": [
          "the first to end wins with its value",
          "T11: race throws the winner's own error",
        ],
      }),
    ],
    [
      129,
      "object: results that are None do not win.",
      by({ "task-group/first": "the first value that is not null or undefined wins" }),
    ],
    [
      130,
      "None: everything is cancelled at the end of the block.",
      by({ "task-group/open-task-group": "T14: leaving the block cancels what is left" }),
    ],
    [
      131,
      "Daemon children have no part in the results; they are cancelled at the end, also if the body throws.",
      by({
        "task-group/daemon": [
          "a daemon is cancelled when all others are done",
          "a cancellation from outside reaches daemons as any",
        ],
      }),
    ],
    [
      132,
      "Iterating over a group takes each task once, as it ends.",
      by({ "task-group/as-completed": ["of a group: its tasks", "several may wait; each gets another"] }),
    ],
    [
      133,
      "Who joins a member himself has its failure; it cancels the others no more.",
      differs("T6", "result() throws the error, which goes to the group as well", {
        "task-group/task-handle": "T6: result throws the task's own error",
      }),
    ],
    [
      134,
      "Tasks that exist can be adopted, once; after the join adopting and spawning are errors.",
      differs("T4", "a group starts its tasks itself; a promise in a function's place is a TypeError", {
        "task-group/spawn": ["T4: a promise instead of a function", "T4: after the end"],
      }),
    ],
    [
      135,
      "The body's error cancels all members, and comes out bare.",
      differs("T2", "it comes out in a group, as all errors do", {
        "task-group/failures": "T2: the body's failure cancels the children",
      }),
    ],
    [
      136,
      "Cancelling the parent cancels the members; so does a timeout around, which is what reports it.",
      by({
        "task-group/task-group": "C11: a timeout around a group cancels all of it",
        "cancellation/timeouts": "C13: it throws though a group inside was cancelled",
      }),
    ],
    [
      137,
      "The next result throws its task's error; asking when none is left, or of an empty group, is an error.",
      differs("T6", "tasks come as handles, whose result() throws; when none is left the loop ends", {
        "task-group/as-completed": [
          "of a supervised group: failed tasks come too",
          "no functions: it ends at once",
        ],
        "task-group/supervised": "T6: result() throws the task's error all the same",
      }),
    ],
    [138, "Threads can be members of a group.", waitsFor("workers")],
  ],
};

export const curioCancellation: Section = {
  series: "curio-5.11",
  title: "curio: cancellation and timeouts",
  source: "curio's tests/test_task.py and test_kernel.py",
  items: [
    [
      139,
      "cancel waits for the end, unless told not to; a second one does not disturb the clean-up.",
      differs("C2", "cancel never waits, cancelAndWait does; a clean-up that waits takes a shield", {
        "task-group/cancel-and-wait": "T6: it cancels the task alone",
        "task-group/task-group": "T1: clean-up included",
      }),
    ],
    [
      140,
      "Cancelling a task that has ended does not make it a cancelled one.",
      by({ "task-group/task-handle": "T6: cancel is idempotent, and nothing after the end" }),
    ],
    [
      141,
      "A task that catches its cancellation and returns has ended well; a cancellation may be of any type.",
      differs("C10", "it is always a Cancelled, whose reason may be anything", {
        "task-group/behaviours-groups": "T6: a task that catches its cancellation",
        "cancellation/cancel-scope": "C10: any reason will do",
      }),
    ],
    [
      142,
      "A task that cancels itself goes on to its next wait.",
      by({ "cancellation/reentrancy": "C2: a task cancels its own scope" }),
    ],
    [
      143,
      "Disabled cancellation nests; what is pending comes at the first wait after it.",
      by({
        "cancellation/shield": [
          "C12: a shield within a shield",
          "C12: a shield hides the cancellation of outer scopes",
        ],
      }),
    ],
    [
      144,
      "An outer timeout that passes inside an inner one: in there it is a cancellation, a timeout outside only.",
      by({ "cancellation/behaviours-timeouts": "C13: the outer expires inside the inner" }),
    ],
    [
      145,
      "An inner timeout that nobody caught reaches the outer as an error of another kind.",
      differs("C13", "it goes on as any error, the very object", {
        "cancellation/behaviours-timeouts": "C13: an inner TimeoutError goes through",
      }),
    ],
    [
      146,
      "A timeout of None sets no limit; an outer one still holds.",
      by({ "cancellation/behaviours-timeouts": "C11: null: no deadline of its own" }),
    ],
    [
      147,
      "A timeout that is due in the clean-up of a cancelled task is no second error.",
      by({ "cancellation/behaviours-timeouts": "C13: a timeout that is due in the clean-up" }),
    ],
    [
      148,
      "Ending late without having waited is no error, and later code sees nothing of it; a warning tells.",
      by({
        "cancellation/timeouts": "C13: it gives the function's value if that was in time",
        "core/debug-overshot-deadlines": "a block that runs past its deadline with no checkpoint",
      }),
    ],
    [
      149,
      "Loops of sleep(0), and two tasks that wake each other, starve nobody and can be cancelled.",
      by({
        "core/fairness": ["F1: so do sleeps of 0", "F1: so do two tasks that hand to each other"],
        "core/checkpoint": "C3: every function that may wait is a checkpoint",
      }),
    ],
    [
      150,
      "Nothing is lost with a cancelled wait for an item; the order is kept.",
      by({
        "core/suspend": "C5: nothing is lost with a cancelled waiter",
        "core/wait-queue": "C5: a cancelled waiter leaves by itself",
      }),
    ],
    [
      151,
      "Cancelled waits for threads and processes return at once; the errors of their work keep their type.",
      waitsFor("workers"),
    ],
  ],
};
