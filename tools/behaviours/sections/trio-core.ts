import { by, differs, notPortable, waitsFor, type Section } from "../behaviour.ts";

export const trioCore: Section = {
  series: "trio-5.5",
  title: "trio: waits, runs and schedulers",
  source: "trio's test_run.py, test_guest_mode.py and test_instrumentation.py",
  items: [
    [
      75,
      "A wait that refuses to be aborted goes on; the cancellation is seen at the next checkpoint.",
      by({
        "core/suspend": "shielded: no cancellation ends it",
        "core/foreign": "performShielded waits to the end whatever happens",
      }),
    ],
    [
      76,
      "A wait is aborted at most once, whatever else is cancelled or shielded meanwhile.",
      by({
        "cancellation/reentrancy": [
          "C4: a take-back is called once",
          "C4: a take-back that shields the scopes not yet woken",
        ],
      }),
    ],
    [
      77,
      "An abort function that misbehaves is an error that nobody overlooks.",
      by({ "core/suspend": "a take-back that throws is reported" }),
    ],
    [
      78,
      "System tasks are cancelled when main ends; the crash of one cancels main and comes out.",
      by({
        "task-group/daemon": [
          "a daemon is cancelled when all others are done",
          "a group of daemons only ends with its body",
          "the failure of a daemon counts as any",
        ],
      }),
    ],
    [
      79,
      "Callbacks from other threads: in order, without duplicates, never starving tasks, refused after the end.",
      waitsFor("workers"),
    ],
    [
      80,
      "What becomes runnable during a turn runs in the next one; two tasks that wake each other starve nobody.",
      by({
        "core/turns": "F2: a wake-up is delivered in the next turn",
        "core/fairness": "F1: so do two tasks that hand to each other",
      }),
    ],
    [
      81,
      "The order within a turn is made random, and repeatable by a seed.",
      by({ "testing/simulation": "F2: the same seed gives the same run" }),
    ],
    [
      82,
      "run inside run is refused; the error of main comes out bare.",
      differs("F4", "runs may nest, each a root of its own; the error of main is bare", {
        "core/run": ["F4: runs may nest", "run gives main's value"],
      }),
    ],
    [
      83,
      "An instrument that throws is reported and removed; the others go on.",
      by({ "core/instruments": "is removed and reported by its name" }),
    ],
    [
      84,
      "As a guest: code of the host may set events and move deadlines, and the tasks wake promptly.",
      by({ "core/behaviours-wake-ups": "F4: code of the host, outside any task" }),
    ],
    [
      85,
      "A child has a copy of its spawner's context variables; changes never leak sideways.",
      by({
        "task-group/spawn": "T8: a child sees the spawner's async context",
      }),
    ],
  ],
};

const byItself =
  "time moves by itself only, when all are blocked: there is no jump by hand, no rate and no threshold";

export const trioClock: Section = {
  series: "trio-5.8",
  title: "trio: the mock clock, and waiting until all are blocked",
  source: "trio's test_mock_clock.py and test_testing.py",
  items: [
    [
      111,
      "It starts at 0 with rate 0: time moves by jumps only; a negative jump or rate is an error.",
      differs("F2", byItself, { "testing/simulation": "F2: time moves only when all are blocked" }),
    ],
    [112, "A change of rate keeps time continuous, and scales sleeps.", notPortable(byItself)],
    [
      113,
      "With autojump it goes straight to the next deadline whenever all are blocked, however far.",
      by({
        "testing/simulation": ["F2: time moves only when all are blocked", "an hour passes at once"],
      }),
    ],
    [
      114,
      "Waiting until all are blocked comes before the jump.",
      by({ "core/quiescence": "waitAllTasksBlocked comes before time moves" }),
    ],
    [115, "A change of the threshold takes effect at once, in its own run only.", notPortable(byItself)],
    [
      116,
      "Without a finite deadline time does not jump: a deadlock stays one.",
      by({
        "testing/simulation": [
          "F2: no finite deadline and nothing runnable is a deadlock",
          "F2: a deadline in the distance is no deadlock",
        ],
      }),
    ],
    [
      117,
      "Several may wait until all are blocked; that is cancellable; who sleeps counts as blocked.",
      by({
        "core/quiescence": [
          "waitAllTasksBlocked: several may wait so at once",
          "waitAllTasksBlocked is cancellable",
          "waitAllTasksBlocked comes before time moves",
        ],
      }),
    ],
  ],
};
