import { by, differs, notPortable, type Section } from "../behaviour.ts";

const noCounters = notPortable("an AbortSignal aborts once, and has no count");
const collected = notPortable("the garbage collector takes cycles; what must not be kept is F3's");

export const anyioNatives: Section = {
  series: "anyio-3.1",
  title: "AnyIO: native cancellation, and the interpreter",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [101, "A native cancellation keeps its count.", noCounters],
    [
      102,
      "The cancellation of a scope leaves no count behind.",
      by({ "cancellation/cancel-scope": "C2: once the scope is left the next checkpoint" }),
    ],
    [
      103,
      "A native cancellation and a scope's at once: the native one goes on.",
      by({ "cancellation/behaviours-delivery": "C6: a scope and the run around it both cancelled" }),
    ],
    [
      104,
      "A scope knows its cancellation though foreign code put an exception of its own in its place.",
      by({ "cancellation/absorb": "C19: an AbortError whose reason or cause is our Cancelled" }),
    ],
    [
      105,
      "Nested scopes leave nothing behind.",
      by({ "cancellation/behaviours-delivery": "C2: nested scopes and groups, all cancelled" }),
    ],
    [
      106,
      "The cancellation of a child does not count as the host's.",
      by({ "task-group/task-handle": "T6: cancel cancels that task's own scope" }),
    ],
    [
      107,
      "Two native cancellations while a group ends are both kept, and the later message comes out.",
      noCounters,
    ],
    [
      108,
      "A failing child leaves no count with the host.",
      by({ "task-group/behaviours-groups": "T2: a failed group leaves nothing behind" }),
    ],
    [
      109,
      "A checkpoint made of a cancelled scope passes the outer scope's cancellation on.",
      by({ "cancellation/behaviours-delivery": "C6: a checkpoint made of a cancelled scope" }),
    ],
    [
      110,
      "After a failure no cycle of references keeps exceptions or tasks alive, in the first of five cases.",
      collected,
    ],
    [
      111,
      "After a failure no cycle of references keeps exceptions or tasks alive, in the second of five cases.",
      collected,
    ],
    [
      112,
      "After a failure no cycle of references keeps exceptions or tasks alive, in the third of five cases.",
      collected,
    ],
    [
      113,
      "After a failure no cycle of references keeps exceptions or tasks alive, in the fourth of five cases.",
      collected,
    ],
    [
      114,
      "After a failure no cycle of references keeps exceptions or tasks alive, in the last of five cases.",
      collected,
    ],
    [
      115,
      "With eager task factories too, a child does not run before its spawner yields.",
      by({ "task-group/spawn": "T4: spawn never runs the function before it returns" }),
    ],
    [116, "It works with a Task class that was patched.", notPortable("there is no native task")],
    [
      117,
      "The call graph shows which task waits for which.",
      by({ "core/task-tree": "the task tree as text" }),
    ],
    [
      118,
      "Coroutines made of generators are a TypeError with a clear message.",
      notPortable("there are none"),
    ],
  ],
};

export const anyioHandles: Section = {
  series: "anyio-3.1",
  title: "AnyIO: handles and names",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [
      119,
      "The handle has the coroutine it was made of.",
      notPortable("there is no coroutine object; the handle has a name"),
    ],
    [
      120,
      "The wrong one of function and coroutine is a TypeError that says what was expected.",
      by({ "task-group/spawn": "T4: a promise instead of a function" }),
    ],
    [
      121,
      "Reading the result before the end is an error; the status says pending, then finished.",
      differs("T6", "result() waits for the end; the status is the same", {
        "task-group/task-handle": ["T6: result gives the value", "T6: status: pending"],
      }),
    ],
    [
      122,
      "A failed task: awaiting its handle throws TaskFailed, its status says so, and the group throws the error as well.",
      differs("T6", "result() throws the task's own error; the rest is the same", {
        "task-group/task-handle": "T6: result throws the task's own error",
      }),
    ],
    [
      123,
      "SystemExit in a task ends the program.",
      notPortable("process.exit() ends it at once, from wherever it is called"),
    ],
    [
      124,
      "A cancelled handle, before or after its start: cancelling, then cancelled; the result throws TaskCancelled; the group ends as ever.",
      by({
        "task-group/task-handle": [
          "T6: status: pending",
          "T6: before the task ran",
          "T6: result then throws TaskCancelled",
        ],
      }),
    ],
    [
      125,
      "A context can be given to a task.",
      differs("T8", "it sees the spawner's; who wants another spawns inside its storage.run", {
        "task-group/spawn": "T8: a child sees the spawner's async context",
      }),
    ],
    [
      126,
      "wait does not throw for a failed task, also when that has ended.",
      by({ "task-group/task-handle": "T6: wait waits for the end and never throws" }),
    ],
    [
      127,
      "By default a task is named after its function, whichever way it was started.",
      by({ "task-group/spawn": "T8: task names: given, else the function's" }),
    ],
    [
      128,
      "A name that is given holds, whichever way it was started.",
      by({ "task-group/spawn": "T8: task names: given, else the function's" }),
    ],
    [
      129,
      "The step of an async generator can be spawned.",
      notPortable("the promise of next() runs already; a function that calls it is spawned"),
    ],
  ],
};
