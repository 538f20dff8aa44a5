import { by, differs, notPortable, type Section } from "../behaviour.ts";

const noEager = notPortable("no task runs before spawn returns (T4)");

export const asyncio: Section = {
  series: "asyncio-5.12",
  title: "asyncio: timeouts, groups, barriers",
  source: "CPython's test_timeouts.py, test_taskgroups.py, test_queues.py and test_locks.py",
  items: [
    [
      152,
      "Of expired timeouts the outermost throws; a foreign cancellation is never made one; a cancelled one is not moved.",
      by({
        "cancellation/timeouts": "C13: of two that expire at once the outer throws",
        "cancellation/signals": "C17: timeouts and shields take it too",
        "cancellation/deadlines": "C11: once cancelled it has no effect",
      }),
    ],
    [
      153,
      "What the clean-up throws after the deadline is kept, the TimeoutError as its context.",
      differs("C13", "it is kept as it is: errors have no context beside their cause", {
        "cancellation/timeouts": "C13: the block's own error wins over the deadline",
      }),
    ],
    [
      154,
      "Creating a task before entry, after the end or while the group aborts is an error.",
      differs(
        "T4",
        "after the end; in a cancelled group the child starts, and runs to its first checkpoint",
        {
          "task-group/spawn": ["T4: after the end", "T4: into a cancelled group: the child starts"],
        },
      ),
    ],
    [
      155,
      "An outer cancellation and errors of children: the errors come out, and the next wait is cancelled.",
      by({ "task-group/behaviours-groups": "T2: real errors win over an outer cancellation" }),
    ],
    [
      156,
      "Nested groups, both cancelled, leave nothing behind.",
      by({ "cancellation/behaviours-delivery": "C2: nested scopes and groups, all cancelled" }),
    ],
    [
      157,
      "A group may be cancelled twice, and after its end; it ends without an error.",
      differs("T12", "one whose body was cut rejects with TaskCancelled; the rest is the same", {
        "task-group/task-group": ["T12: if its own cancel() cut the body", "T12: if the body had returned"],
        "task-group/spawn": "T4: after the end",
      }),
    ],
    [
      158,
      "The failure of an eager child does not cancel the parent before the child is registered.",
      noEager,
    ],
    [
      159,
      "Shutting a queue down wakes who waits; what is in it can be drained, or not, which releases join too.",
      by({
        "streams/work-queue": [
          "shutdown: senders get ClosedResourceError",
          "shutdown wakes receivers that wait",
          "shutdown at once drops what is buffered",
          "shutdown at once releases join",
        ],
      }),
    ],
    [
      160,
      "A barrier that is broken wakes who waits; a new round waits for the old one to drain.",
      by({
        "sync/barrier": [
          "abort breaks it for who waits and who comes",
          "reset sends off who waits",
          "C5: a new round takes nobody of the old one",
        ],
      }),
    ],
  ],
};
