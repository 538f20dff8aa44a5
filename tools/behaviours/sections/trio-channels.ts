import { by, type Section } from "../behaviour.ts";

const stream = "streams/memory-object-stream";
const safe = "iteration/safe-channel";

export const trioChannels: Section = {
  series: "trio-5.6",
  title: "trio: memory channels",
  source: "trio's _tests/test_channel.py",
  items: [
    [86, "A size is a whole number from 0 on, or infinite.", by({ [stream]: "bad sizes are RangeErrors" })],
    [
      87,
      "send and receive are checkpoints, also when they need not wait.",
      by({
        "streams/turns": ["C3: send and receive yield one turn", "C3: in a cancelled scope they do nothing"],
        [stream]: "C3: in a cancelled scope send sends nothing",
      }),
    ],
    [
      88,
      "Without waiting: an error when full, or empty; with size 0 until the other side waits.",
      by({
        [stream]: [
          "M3: sendNowait and receiveNowait throw WouldBlock",
          "M3: two receivers that wait are served in order by two sendNowait",
        ],
      }),
    ],
    [
      89,
      "After the senders closed: what is buffered, then the end.",
      by({ [stream]: "M1: what is buffered is received after" }),
    ],
    [
      90,
      "After the last receiver closed: what is buffered is dropped, senders are broken for good; a clone keeps it.",
      by({ [stream]: ["M1: what is buffered is dropped with", "M1: after the last receiver closed"] }),
    ],
    [
      91,
      "Closing the end a task waits at tells that task; tasks at clones go on.",
      by({
        [stream]: ["M2: closing the very end a task waits on", "M2: so does closing the end a task sends by"],
      }),
    ],
    [
      92,
      "A closed end cannot be cloned; closing is idempotent, in whatever way.",
      by({ [stream]: ["M4: a closed end", "M5: closing is idempotent however it is done"] }),
    ],
    [
      93,
      "The other side sees the end when the last clone has closed.",
      by({ [stream]: "M2: each clone closes alone" }),
    ],
    [
      94,
      "A cancelled receive leaves nothing behind: what is sent next is not lost.",
      by({
        [stream]: [
          "C5: a cancelled receive leaves no receiver behind",
          "C5: what is sent after the receiver",
        ],
        "streams/memory-object-stream-model": "C5, M7: whatever is cancelled when",
      }),
    ],
    [
      95,
      "What is sent while a receiver waits is that receiver's; the room that is made, the sender's that waits.",
      by({
        [stream]: [
          "M3: two receivers that wait are served in order by two sendNowait",
          "M3: the room that a receiver makes",
        ],
      }),
    ],
    [96, "Receivers that wait are served in turn.", by({ [stream]: "M3: five receivers that loop" })],
    [
      97,
      "The statistics are the same at both ends; who was cancelled does not count, and the peak stays.",
      by({
        [stream]: [
          "S5: statistics, frozen and the same",
          "C5: a cancelled receive leaves no receiver behind",
        ],
      }),
    ],
    [
      98,
      "A safe channel asks its generator when its consumer asks.",
      by({ [safe]: "the generator is asked for an item when one is waited for, and is never ahead" }),
    ],
    [
      99,
      "Cancelled before its first use, the generator never begins.",
      by({ [safe]: "cancelled before its first item is asked for, the generator never begins" }),
    ],
    [
      100,
      "The generator's lone error comes out bare, with the body's in a group.",
      by({
        [safe]: [
          "the generator's error comes out as it is, and cancels the function",
          "errors of the function and of the clean-up come out in one group",
        ],
      }),
    ],
    [
      101,
      "Scopes within the generator do not reach the consumer; leaving early closes it.",
      by({
        [safe]: [
          "a scope of the generator does not reach who receives, nor theirs the generator",
          "leaving the loop early ends the generator, in its own task, before the call ends",
        ],
      }),
    ],
    [
      102,
      "There may be several receivers; closing tells who reads.",
      by({
        [safe]: [
          "several may receive: each item goes to one, to the one that waits longest",
          "M4: closing the stream tells who reads, and what it is asked from then on",
        ],
      }),
    ],
  ],
};
