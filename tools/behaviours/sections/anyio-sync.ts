import { by, differs, notPortable, type Section, type Verdict } from "../behaviour.ts";

const source = "AnyIO's tests/test_synchronization.py";

const tryInstead = (title: string, file = "sync/governors"): Verdict =>
  differs(null, "tryAcquire gives undefined instead of throwing", { [file]: title });

const noFastOption = differs("C3", "no option: where no scheduler takes turns no acquire yields", {
  "sync/lock": "S1, C3: an uncontended acquire takes the lock before it yields",
});

export const anyioLocks: Section = {
  series: "anyio-3.2",
  title: "AnyIO: locks, events and conditions",
  source,
  items: [
    [
      1,
      "Two tasks that use a lock as a block take turns; it is unlocked afterwards.",
      by({ "sync/lock": "two tasks take turns" }),
    ],
    [2, "The same by hand.", by({ "sync/lock": "two tasks take turns" })],
    [3, "With fast_acquire a free lock is taken without yielding.", noFastOption],
    [
      4,
      "A lock that is free is taken without waiting.",
      by({ "sync/governors": "S5: a permit is released once" }),
    ],
    [5, "One that is not raises WouldBlock.", tryInstead("S1: a release hands over at once: nobody barges")],
    [
      6,
      "The same task acquiring it again is an error.",
      differs("S2", "a permit owns it, not a task: it waits, and a deadlock report names the lock", {
        "sync/lock": ["S2: who takes it again inside its own with", "S2: a deadline ends such a wait"],
      }),
    ],
    [
      7,
      "So it is without waiting.",
      differs("S2", "it is not free, whoever asks", {
        "sync/lock": "S2: who takes it again inside its own with",
      }),
    ],
    [
      8,
      "A waiter that is cancelled, before the release or after, never has it; it is free in the end.",
      differs("C5", "one cancelled after the release has it, and gives it back", {
        "sync/governors": [
          "S1: cancelled, then released in the same step",
          "C5: released, then cancelled in the same step",
        ],
      }),
    ],
    [
      9,
      "Statistics tell whether it is locked and how many wait.",
      by({ "sync/lock": "S5: statistics tell whether it is locked" }),
    ],
    [
      10,
      "Cancelling the first who acquires it does not hold up the second.",
      by({ "sync/governors": "S1, C5: a cancelled waiter leaves the line" }),
    ],
    [
      11,
      "Cancelled right after the hand-over: it is released again, nobody waits.",
      by({ "sync/governors": "C5: released, then cancelled in the same step" }),
    ],
    [
      12,
      "A waiter cancelled in the step that releases: nobody waits, and it can be acquired.",
      by({ "sync/governors": "S1: cancelled, then released in the same step" }),
    ],
    [13, "One can be made outside any run.", by({ "sync/governors": "S2: without any run it works" })],
    [
      14,
      "Statistics name the owner: right after a release, the next waiter.",
      differs("S2", "no task owns it; right after a release it is still locked", {
        "sync/lock": "S5: statistics tell whether it is locked",
        "sync/governors": "S1: a release hands over at once",
      }),
    ],
    [
      15,
      "A wait ends when another task sets the event.",
      by({ "sync/async-event": "set wakes all who wait" }),
    ],
    [
      16,
      "A waiter cancelled, then the event set in the same step: it does not go on.",
      by({ "sync/async-event": "C5: cancelled and then set" }),
    ],
    [
      17,
      "Set, then cancelled in the same step: it goes on.",
      by({ "sync/async-event": "C5: set and then cancelled" }),
    ],
    [18, "Statistics tell how many wait.", by({ "sync/async-event": "set wakes all who wait" })],
    [19, "Set outside any run it is remembered.", by({ "sync/async-event": "set outside any run" })],
    [
      20,
      "Used as a block: notifying all wakes the waiter.",
      by({ "sync/condition": "S3: notifyAll wakes all who wait" }),
    ],
    [21, "The same by hand.", by({ "sync/condition": "C17: a foreign signal ends the wait" })],
    [
      22,
      "Its lock can be taken without waiting.",
      by({ "sync/condition": "S3: a cancelled wait has the lock again" }),
    ],
    [
      23,
      "If it is not free, that raises WouldBlock.",
      tryInstead("S3: a cancelled wait has the lock again", "sync/condition"),
    ],
    [
      24,
      "A waiter that was cancelled is not notified.",
      by({ "sync/condition": "S3: of two waiters, the first cancelled" }),
    ],
    [
      25,
      "Of a waiter cancelled and notified together the notification passes to the next.",
      by({ "sync/condition": "S3: of two waiters, the first cancelled" }),
    ],
    [
      26,
      "Waiting without the lock is an error.",
      by({ "sync/condition": "S2: waiting with a permit that does not hold the lock" }),
    ],
    [
      27,
      "Statistics tell of waiters and lock.",
      by({ "sync/condition": "S3: notifyAll wakes all who wait" }),
    ],
    [
      28,
      "One can be made outside any run.",
      by({ "sync/condition": "the deadlock report names the condition" }),
    ],
    [
      29,
      "wait_for waits again while the predicate is falsy, and gives its value.",
      by({ "sync/condition": "waitFor waits until the predicate holds" }),
    ],
  ],
};

export const anyioLimits: Section = {
  series: "anyio-3.2",
  title: "AnyIO: semaphores and limiters",
  source,
  items: [
    [
      30,
      "As a block: the value goes down and comes back.",
      by({ "sync/semaphore": "its value goes down with each permit" }),
    ],
    [31, "The same by hand.", by({ "sync/semaphore": "its value goes down with each permit" })],
    [32, "With fast_acquire a free permit is taken without yielding.", noFastOption],
    [
      33,
      "Without waiting: the value is 0, then WouldBlock.",
      tryInstead("tryAcquire gives undefined when its value is 0", "sync/semaphore"),
    ],
    [
      34,
      "Cancelled while acquiring, before the release or after: not acquired, and the value is back.",
      differs("C5", "one cancelled after the release has it, and gives it back", {
        "sync/governors": [
          "S1: cancelled, then released in the same step",
          "C5: released, then cancelled in the same step",
        ],
      }),
    ],
    [
      35,
      "max_value can be read, also if there is none.",
      by({
        "sync/semaphore": ["S4: a bare release beyond maxValue", "without maxValue it has none"],
      }),
    ],
    [
      36,
      "A release beyond it is an error.",
      by({ "sync/semaphore": "S4: a bare release beyond maxValue is a MisuseError" }),
    ],
    [37, "Statistics tell how many wait.", by({ "sync/semaphore": "S4: a bare release adds a permit" })],
    [
      38,
      "A permit released to a waiter cannot be taken by another without waiting.",
      by({ "sync/semaphore": "S1: a permit handed to a waiter cannot be taken" }),
    ],
    [
      39,
      "Cancelling the first who acquires does not hold up the second.",
      by({ "sync/governors": "S1, C5: a cancelled waiter leaves the line" }),
    ],
    [
      40,
      "Cancelled right after the release: the value is back, nobody waits.",
      by({ "sync/governors": "C5: released, then cancelled in the same step" }),
    ],
    [
      41,
      "Cancelled in the step that releases: one can acquire.",
      by({ "sync/governors": "S1: cancelled, then released in the same step" }),
    ],
    [42, "One can be made outside any run.", by({ "sync/semaphore": "without maxValue it has none" })],
    [
      43,
      "A total of 1.0 is a TypeError.",
      differs(null, "in JavaScript that is 1; 1.5 is a RangeError", {
        "sync/capacity-limiter": "the total is a whole number from 0 on",
      }),
    ],
    [
      44,
      "A negative total is a ValueError.",
      by({ "sync/capacity-limiter": "the total is a whole number from 0 on" }),
    ],
    [45, "A total of 0 is allowed.", by({ "sync/capacity-limiter": "S4: a total of 0 lets nobody in" })],
    [
      46,
      "Its numbers tell what is borrowed and what is left.",
      by({ "sync/capacity-limiter": "its numbers tell what is borrowed" }),
    ],
    [
      47,
      "A limiter of one never has two inside.",
      by({ "sync/capacity-limiter": "a limiter of one never has two inside" }),
    ],
    [
      48,
      "A borrower that asks twice is an error.",
      by({ "sync/capacity-limiter": "S4: a borrower has one token" }),
    ],
    [
      49,
      "Releasing without a token is an error.",
      differs("S5", "only a permit gives back, once", { "sync/governors": "S5: a permit is released once" }),
    ],
    [
      50,
      "Raising the total lets a waiter in.",
      by({ "sync/capacity-limiter": "S4: raising the total lets in as many as fit" }),
    ],
    [
      51,
      "The default limiter of threads has 40 tokens.",
      notPortable("there are no worker threads to share"),
    ],
    [52, "Statistics.", by({ "sync/capacity-limiter": "its numbers tell what is borrowed" })],
    [
      53,
      "Cancelling the first who acquires does not hold up the second.",
      by({ "sync/governors": "S1, C5: a cancelled waiter leaves the line" }),
    ],
    [54, "First come, first served.", by({ "sync/governors": "S1: permits come in the order" })],
    [
      55,
      "Raised to three, the waiter and a new task come in.",
      by({ "sync/capacity-limiter": "S4: raising the total lets in as many as fit" }),
    ],
    [
      56,
      "Outside any run the total is checked when it is set.",
      by({ "sync/capacity-limiter": "the total is a whole number from 0 on" }),
    ],
    [57, "So is a total of 0.", by({ "sync/capacity-limiter": "the total is a whole number from 0 on" })],
    [
      58,
      "Infinity is accepted.",
      by({ "sync/capacity-limiter": "S4: a total of 0 lets nobody in; Infinity" }),
    ],
    [59, "The total may be given by keyword.", notPortable("arguments have no keywords")],
    [
      60,
      "A cancelled waiter passes the token on.",
      by({ "sync/capacity-limiter": "S1: a cancelled waiter passes on" }),
    ],
    [
      61,
      "Without waiting, from another task: WouldBlock.",
      tryInstead("S1: a release hands over at once: nobody barges"),
    ],
    [
      62,
      "Two borrowers without waiting.",
      by({ "sync/capacity-limiter": "tokens on behalf of borrowers without waiting" }),
    ],
    [
      63,
      "A token released to a waiter cannot be taken by another; the borrower is the waiter's at once.",
      by({ "sync/capacity-limiter": "S1: a token released to a waiter cannot be taken" }),
    ],
  ],
};

export const anyioFutures: Section = {
  series: "anyio-3.8-futures",
  title: "AnyIO: futures",
  source: "AnyIO's tests/test_futures.py",
  items: [
    [1, "A value that was set is had by waiting.", by({ "sync/future": "a value that is set is had" })],
    [2, "Setting it twice is FutureAlreadyFinished.", by({ "sync/future": "setting it twice is" })],
    [3, "Who waits before it is set has it.", by({ "sync/future": "a value that is set is had" })],
    [4, "One may wait for the end, then read.", by({ "sync/future": "wait waits for the outcome" })],
    [5, "An exception comes as FutureFailed.", by({ "sync/future": "a failure is thrown as the cause" })],
    [
      6,
      "Once it is cancelled, setting, waiting and reading are FutureCancelled.",
      by({ "sync/future": "a cancelled future throws FutureCancelled" }),
    ],
    [7, "Reading early is FutureNotFinished.", by({ "sync/future": "reading it early is" })],
    [8, "The exception can be read as the very object.", by({ "sync/future": "wait waits for the outcome" })],
    [9, "Cancelling it after its end changes nothing.", by({ "sync/future": "setting it twice is" })],
    [10, "Its repr tells its state.", notPortable("objects have no repr; statistics() tells it")],
    [11, "Many may wait.", by({ "sync/future": "a value that is set is had" })],
    [
      12,
      "A cancelled waiter does not disturb the others.",
      by({ "sync/future": "T6: a cancelled waiter does not disturb the others" }),
    ],
  ],
};
