import { by, differs, type Section } from "../behaviour.ts";

export const anyioDelivery: Section = {
  series: "anyio-3.1",
  title: "AnyIO: how a cancellation arrives",
  source: "AnyIO's tests/test_taskgroups.py",
  items: [
    [
      41,
      "A child cancelled before its first step runs up to its first checkpoint, not past it.",
      by({ "core/checkpoint": "C4: one not yet started runs to its first checkpoint" }),
    ],
    [
      42,
      "The group's own cancel does the same.",
      by({
        "task-group/spawn": "T4: into a cancelled group: the child starts",
        "task-group/behaviours-groups": "T4: a child that would spawn into its cancelled group",
      }),
    ],
    [
      43,
      "A group's cancel takes a reason, which the text of the cancellation says.",
      by({ "task-group/behaviours-groups": "C10: a group's cancel says its reason" }),
    ],
    [
      44,
      "Cancelling a scope that another task opened cuts the body of that scope only.",
      by({ "cancellation/behaviours-delivery": "C1: a scope that another task made and cancels" }),
    ],
    [
      45,
      "Cancelling an outer group reaches a task that is in a group of its own, without children.",
      by({ "task-group/behaviours-groups": "C1: an outer group's cancellation reaches" }),
    ],
    [
      46,
      "One task can be cancelled twice in a row, in one group and then in another.",
      by({ "task-group/behaviours-groups": "C2: one task can be cancelled time after time" }),
    ],
    [
      47,
      "Cancelled while it waits for its children, a group cancels them and goes on waiting for them.",
      by({ "task-group/cancelled-groups": "T1: the group waits for its children under a cancellation" }),
    ],
    [
      48,
      "A cancellation before entry is seen by the first checkpoint inside.",
      by({ "cancellation/cancel-scope": "C9: cancelled before entry" }),
    ],
    [
      49,
      "A group whose body was cut by its own cancel ends silently.",
      differs("T12", "taskGroup gives a value; cut off from it, it rejects with TaskCancelled", {
        "task-group/task-group": "T12: if its own cancel() cut the body",
      }),
    ],
    [
      50,
      "After a timed-out scope the task is usable: the next checkpoint does not throw.",
      by({ "cancellation/cancel-scope": "C2: once the scope is left the next checkpoint" }),
    ],
    [
      51,
      "Cancelling a child's scope cancels neither group nor host.",
      by({ "task-group/task-handle": "T6: cancel cancels that task's own scope" }),
    ],
    [
      52,
      "A cancellation runs down from group to task to inner group to its children.",
      by({ "cancellation/cancel-scope": "C1: a cancellation reaches the tasks of groups within" }),
    ],
    [
      53,
      "A child about to spawn a failing task into its cancelled group stops at the checkpoint before; nothing comes out.",
      by({ "task-group/behaviours-groups": "T4: a child that would spawn into its cancelled group" }),
    ],
    [
      54,
      "A cancellation from outside reaches a nested group whose body and child both sleep.",
      by({ "task-group/cancelled-groups": "C15: 5,000 groups within each other" }),
    ],
    [
      55,
      "Cancelling an outer scope after an inner timeout has fired leaks nothing.",
      by({ "cancellation/behaviours-delivery": "C2: a scope cancelled after a timeout in it" }),
    ],
    [
      56,
      "A wait for a native future in a cancelled scope is cut too.",
      by({ "cancellation/abortable": "C18: the wait ends, the work goes on" }),
    ],
    [
      57,
      "Cancelling a group whose only task has just ended throws nothing.",
      by({ "task-group/behaviours-groups": "C9: cancelling a group whose only task has just ended" }),
    ],
    [
      58,
      "The synchronous part of a spawned wrapper runs in the caller's task.",
      differs("T4", "all of it runs in the new task, never before spawn returns", {
        "task-group/spawn": "T4: spawn never runs the function before it returns",
      }),
    ],
    [
      59,
      "A cancelled child behind a shield keeps no loop busy.",
      by({ "core/behaviours-wake-ups": "C4: a cancelled scope wakes nobody behind a shield" }),
    ],
    [
      60,
      "Cancelling groups in groups with a shielded leaf takes few deliveries, and none into the shield.",
      by({ "core/behaviours-wake-ups": "C4: cancelling groups in groups wakes each task once" }),
    ],
    [
      61,
      "Cancelling a scope whose only task is done does not go on trying for ever.",
      by({ "core/behaviours-wake-ups": "C4: cancelling a scope whose only task has ended" }),
    ],
    [
      62,
      "In a cancelled scope whose code an async generator drives each attempt to wait throws.",
      by({ "cancellation/behaviours-delivery": "C2: an async generator driven in a cancelled scope" }),
    ],
    [
      63,
      "The text of a cancellation says its reason and the task that cancelled.",
      by({ "cancellation/cancel-scope": "C10: Cancelled says its source" }),
    ],
  ],
};
