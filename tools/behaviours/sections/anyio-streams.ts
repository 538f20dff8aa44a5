import { by, differs, notPortable, type Section } from "../behaviour.ts";

const stream = "streams/memory-object-stream";
const badSize = by({ [stream]: "bad sizes are RangeErrors" });
const cancelledScope = by({
  [stream]: "C3: in a cancelled scope send sends nothing, and receive takes nothing",
});

export const anyioMemoryStreams: Section = {
  series: "anyio-3.3",
  title: "AnyIO: memory object streams",
  source: "AnyIO's tests/streams/test_memory.py",
  items: [
    [1, "A size that is no whole number is an error.", badSize],
    [2, "So is a negative one.", badSize],
    [
      3,
      "Two receivers that wait get what two senders send, in order.",
      by({
        [stream]: "1e5 receivers wait at once",
        "streams/memory-object-stream-model": "M1, M2, M3, M7: a stream under any calls",
      }),
    ],
    [
      4,
      "So they do if it is sent without waiting, and no buffer is there.",
      by({ [stream]: "M3: two receivers that wait are served in order by two sendNowait" }),
    ],
    [
      5,
      "What a sender waits with can be received without waiting.",
      by({ [stream]: "M3: receiveNowait takes from a sender that waits" }),
    ],
    [
      6,
      "A sender that waits for room goes on when an item is taken, and its own is next.",
      by({ [stream]: "M3: the room that a receiver makes" }),
    ],
    [
      7,
      "Items sent and received without waiting keep their order.",
      by({ [stream]: "M3: sendNowait and receiveNowait throw WouldBlock" }),
    ],
    [8, "A loop ends when the sender closes.", by({ [stream]: "a loop over the stream ends with it" })],
    [
      9,
      "After the sender closed: the end for receivers, a closed resource for the sender.",
      by({ [stream]: ["M1: what is buffered is received after", "M4: a closed end"] }),
    ],
    [
      10,
      "After the receiver closed: a closed resource for the receiver, a broken one for senders.",
      by({ [stream]: ["M4: a closed end", "M1: after the last receiver closed"] }),
    ],
    [
      11,
      "A cancelled receive leaves no receiver behind.",
      by({ [stream]: "C5: a cancelled receive leaves no receiver behind" }),
    ],
    [
      12,
      "A cancelled send leaves no item behind.",
      by({ [stream]: "M7: a cancelled send has sent nothing" }),
    ],
    [
      13,
      "Clones keep a stream open that was closed itself.",
      by({ [stream]: "M2: each clone closes alone" }),
    ],
    [14, "A closed end cannot be cloned.", by({ [stream]: "M4: a closed end" })],
    [
      15,
      "The last sender closing wakes a receiver that waits: it is at the end.",
      by({ [stream]: "M1: the last sender closing wakes the receivers" }),
    ],
    [
      16,
      "The last receiver closing wakes a sender that waits: it is broken, whatever the item.",
      by({ [stream]: "M1: after the last receiver closed" }),
    ],
    [
      17,
      "What is buffered can be received after the sender closed.",
      by({ [stream]: "M1: what is buffered is received after" }),
    ],
    [18, "In a cancelled scope receive takes nothing.", cancelledScope],
    [19, "In a cancelled scope send delivers nothing.", cancelledScope],
    [
      20,
      "What was handed to a receiver that is cancelled in the same step is delivered.",
      by({ [stream]: "C5: what was sent to a receiver that is cancelled in the same step" }),
    ],
    [
      21,
      "What is sent after the receiver was cancelled goes into the buffer.",
      by({ [stream]: "C5: what is sent after the receiver was cancelled" }),
    ],
    [
      22,
      "Both ends may be closed by their tasks after a rendezvous.",
      by({ [stream]: "both ends may be closed by their tasks" }),
    ],
    [23, "The statistics tell each phase.", by({ [stream]: "S5: statistics, frozen and the same" })],
    [
      24,
      "An end is closed by leaving its block; then nothing is sent or received without waiting.",
      by({ [stream]: ["M5: closing is idempotent however it is done", "M4: a closed end"] }),
    ],
    [
      25,
      "The ends are variant in the type of the items.",
      notPortable("TypeScript sees it from the methods"),
    ],
    [26, "An argument that is deprecated warns.", notPortable("there is no such argument")],
    [
      27,
      "An end that is dropped unclosed warns.",
      differs("M5", "an end in memory holds nothing but memory: that goes with it"),
    ],
    [
      28,
      "A receiver that is cancelled natively is skipped.",
      notPortable("tasks are cancelled by scopes alone"),
    ],
    [29, "Its internals can be printed.", notPortable("objects are inspected")],
  ],
};

const stapled = "streams/stapled";
const half = by({ [stapled]: "M4: sendEof closes the sending half" });
const both = by({ [stapled]: "M5: close closes both" });
const objects = "a stapled object stream does both until each end";

export const anyioStapled: Section = {
  series: "anyio-3.4-stapled",
  title: "AnyIO: stapled streams",
  source: "AnyIO's tests/streams/test_stapled.py",
  items: [
    [
      1,
      "A stapled byte stream receives by one half, in pieces, and sends by the other; the halves can be had.",
      by({ [stapled]: "a stapled byte stream sends by the one" }),
    ],
    [2, "send_eof works twice; then sending is closed, and receiving goes on.", half],
    [3, "Closing closes both halves.", both],
    [
      4,
      "A limit of bytes that is no positive number is an error.",
      by({ [stapled]: "a stapled byte stream sends by the one" }),
    ],
    [5, "A stapled object stream receives until the end.", by({ [stapled]: objects })],
    [
      6,
      "send_nowait is passed on; a half without it is an error that names its class.",
      differs(null, "the half itself is asked, and the compiler knows whether it can", {
        [stapled]: objects,
      }),
    ],
    [7, "send_eof of a stapled object stream closes the half that sends.", by({ [stapled]: objects })],
    [8, "Closing a stapled object stream closes both halves.", both],
  ],
};
