import { by, notPortable, type Section } from "../behaviour.ts";

export const trioNurseries: Section = {
  series: "trio-5.3",
  title: "trio: nurseries",
  source: "trio's test_run.py",
  items: [
    [
      46,
      "The body's error and the children's are all in one group, in no promised order.",
      by({ "task-group/failures": "T2: all errors of body and children come out" }),
    ],
    [
      47,
      "A single error comes in a group too.",
      by({ "task-group/failures": "T2: the body's failure cancels the children" }),
    ],
    [
      48,
      "The first failure cancels the siblings and wakes a body that sleeps for ever.",
      by({ "task-group/failures": "T2: a child's failure cancels its siblings and the body" }),
    ],
    [
      49,
      "The siblings' Cancelled are not in the group; what they throw in their clean-up is.",
      by({ "task-group/failures": "T2: errors raised while being cancelled are kept" }),
    ],
    [
      50,
      "A task spawned into a cancelled nursery starts, and runs to its first checkpoint.",
      by({ "task-group/spawn": "T4: into a cancelled group: the child starts" }),
    ],
    [
      51,
      "A child may spawn after the body has ended, while a task is left; after the end it is an error.",
      by({ "task-group/spawn": ["T4: children may spawn while", "T4: after the end"] }),
    ],
    [
      52,
      "Leaving an empty nursery yields, but is no cancellation point.",
      by({
        "task-group/task-group": ["T7: leaving an empty group yields", "T7: but is no cancellation point"],
      }),
    ],
    [
      53,
      "In a cancelled scope, with a child that never waits, nothing is caught.",
      by({ "task-group/behaviours-groups": "T7: in a cancelled scope a group whose child never waits" }),
    ],
    [
      54,
      "A body that throws in a cancelled scope: its error wins, and no Cancelled is added.",
      by({ "task-group/cancelled-groups": "T9: body failing in a cancelled scope" }),
    ],
    [
      55,
      "A cancellation that comes while the parent waits at the end is not added: the children report it.",
      by({ "task-group/behaviours-groups": "T2: a cancellation that comes while the group waits" }),
    ],
    [
      56,
      "A KeyboardInterrupt that comes then is added, and cancels the children.",
      notPortable("Ctrl-C throws nowhere; main cancels the root by it (F5)"),
    ],
    [
      57,
      "StopIteration in a nursery is grouped like others.",
      notPortable("the end of an iterator is no exception"),
    ],
    [
      58,
      "Errors keep their own chain of causes.",
      by({ "task-group/behaviours-groups": "T2: the errors are the very objects" }),
    ],
    [59, "`with` in place of `async with` gets a hint.", notPortable("there is one way to open a group")],
    [
      60,
      "Nurseries and scopes can be neither subclassed nor constructed by hand.",
      notPortable("a group's type is an interface; there is no class to construct or extend"),
    ],
    [
      61,
      "A task is named after its function, unless it is given a name.",
      by({ "task-group/spawn": "T8: task names: given, else the function's" }),
    ],
    [
      62,
      "The tree of tasks can be walked down and up; the links up survive the end, and the root has none.",
      by({
        "core/task-tree": "a task knows its parent",
        "core/behaviours-wake-ups": "a task that has ended still knows its parent",
      }),
    ],
    [
      63,
      "The nursery a starting task will belong to is set between start and started only.",
      notPortable("there is no such property; the parent says whose the task is (T5)"),
    ],
  ],
};

export const trioStart: Section = {
  series: "trio-5.4",
  title: "trio: nursery.start",
  source: "trio's test_run.py",
  items: [
    [
      64,
      "start gives the started value; from then on the child is the nursery's.",
      by({
        "task-group/start": [
          "T5: start waits until started",
          "T5: until then the child belongs to the caller",
        ],
      }),
    ],
    [
      65,
      "What the child throws before started comes bare out of start, causes kept; the nursery is unharmed.",
      by({
        "task-group/start": "T5: its error before started",
        "task-group/behaviours-start": "T5: what the child throws before started is the very object",
      }),
    ],
    [
      66,
      "A group of errors that the child throws is not unwrapped.",
      by({ "task-group/behaviours-start": "T5: what the child throws before started is the very object" }),
    ],
    [
      67,
      "A child that ends without started is an error.",
      by({ "task-group/start": "T5: returning without" }),
    ],
    [68, "Saying started twice is an error.", by({ "task-group/start": "T5: twice is an error" })],
    [
      69,
      "start cancelled before started: the child stays there, the value is dropped, a later error comes out of start.",
      by({
        "task-group/start-cancelled": "T5: if the call was cancelled started hands nothing over",
        "task-group/behaviours-start": "T5: the call was cancelled: what the child throws after",
      }),
    ],
    [
      70,
      "If that child ends without a checkpoint start returns as ever.",
      by({ "task-group/start-cancelled": "T5: and if the child then ends without an error" }),
    ],
    [
      71,
      "start on a closed nursery fails at once; a pending one keeps an empty nursery open.",
      by({
        "task-group/spawn": "T4: after the end",
        "task-group/start": "T5: a start under way keeps",
      }),
    ],
    [
      72,
      "If the nursery is cancelled just before or after started, sleeping grandchildren are cut as they move.",
      by({ "task-group/start": "T5: moved into a group that is cancelled" }),
    ],
    [
      73,
      "Other tasks smuggled into the private nursery of start are an internal error.",
      notPortable("there is no such nursery to get hold of"),
    ],
    [
      74,
      "A function of the wrong signature fails in start at once.",
      notPortable("functions take any arguments; one that never says started is an error at its end (T5)"),
    ],
  ],
};
