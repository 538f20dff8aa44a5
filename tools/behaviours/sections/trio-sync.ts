import { by, differs, type Section } from "../behaviour.ts";

export const trioSync: Section = {
  series: "trio-5.7",
  title: "trio: locks, limiters and the parking lot",
  source: "trio's test_sync.py and test_parking_lot.py",
  items: [
    [
      103,
      "A release hands over to the first waiter at once; who released cannot have it again before.",
      by({
        "sync/governors": [
          "S1: a release hands over at once: nobody barges",
          "S1: who releases and asks again stands behind",
        ],
      }),
    ],
    [
      104,
      "Taking a lock again as its owner, and releasing it as another, are errors.",
      differs("S2", "a permit owns it: taking it again waits, and whoever has the permit releases", {
        "sync/lock": [
          "S2: who takes it again inside its own with",
          "S1: a permit may be handed to another task",
        ],
      }),
    ],
    [
      105,
      "The owner ends without a release: who waits, and comes, has a BrokenResourceError that names it.",
      differs("S2", "no task owns it; debug mode names a permit that was dropped", {
        "sync/dropped-permits": "S2: a permit that is dropped unreleased is named",
      }),
    ],
    [
      106,
      "A semaphore cannot pass its maximum; it is as fair as a lock.",
      by({
        "sync/semaphore": "S4: a bare release beyond maxValue is a MisuseError",
        "sync/governors": "S1: permits come in the order",
      }),
    ],
    [
      107,
      "A limiter: one token a borrower; raising the total wakes as many as fit, lowering it waits for returns; 0 holds up all; a cancelled waiter leaves nothing.",
      by({
        "sync/capacity-limiter": [
          "S4: a borrower has one token",
          "S4: raising the total lets in as many as fit",
          "S4: lowered below what is out",
          "S4: a total of 0 lets nobody in",
          "S4: a borrower whose wait was cancelled may ask again",
        ],
      }),
    ],
    [
      108,
      "A condition: a cancelled wait has the lock when it ends; notify(n) moves waiters to the lock's queue; waiting and notifying without the lock are errors.",
      by({
        "sync/condition": [
          "S3: a cancelled wait has the lock again",
          "notify wakes so many, the first first",
          "S2: waiting with a permit that does not hold the lock",
          "S2: notifying while nobody holds the lock",
        ],
      }),
    ],
    [
      109,
      "A parking lot: a cancelled sleeper is skipped; sleepers can be moved to another; a broken lot raises.",
      differs(null, "a WaitQueue: what is taken out may be settled as one likes, also failed", {
        "core/wait-queue": [
          "C5: a cancelled waiter leaves by itself",
          "wakeAll and failAll settle those that wait now",
        ],
      }),
    ],
    [
      110,
      "An event: set wakes all; waiting for a set one is a checkpoint; its truth may not be asked.",
      differs("C3", "all the same; that an object is true cannot be forbidden, so isSet says it", {
        "sync/async-event": ["set wakes all who wait", "C3: waiting for a set event is a checkpoint"],
      }),
    ],
  ],
};
