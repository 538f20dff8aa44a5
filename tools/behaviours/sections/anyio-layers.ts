import { by, differs, notPortable, type Section } from "../behaviour.ts";

export const anyioBuffered: Section = {
  series: "anyio-3.4-buffered",
  title: "AnyIO: buffered byte streams",
  source: "AnyIO's tests/streams/test_buffered.py",
  items: [
    [
      1,
      "Receiving an exact count joins chunks, and gives bytes.",
      by({ "streams/buffered-byte-receive-stream": "receiveExactly joins chunks" }),
    ],
    [
      2,
      "If the stream ends before the count is reached, that is an IncompleteRead.",
      by({ "streams/buffered-byte-receive-stream": "receiveExactly: an early end" }),
    ],
    [
      3,
      "Receiving up to a delimiter finds it across chunks, call after call.",
      differs(
        null,
        "how many bytes may come before the delimiter is exact here, however the bytes were cut into chunks",
        {
          "streams/buffered-byte-receive-stream": [
            "receiveUntil finds a delimiter across chunks",
            "any chunking of any bytes gives the same, by delimiter",
          ],
        },
      ),
    ],
    [
      4,
      "If the stream ends before the delimiter, that is an IncompleteRead, and what came stays in the buffer.",
      by({ "streams/buffered-byte-receive-stream": "receiveUntil: an early end" }),
    ],
    [
      5,
      "Of one that goes both ways, ending the sending ends only that; closing it closes both.",
      by({ "streams/buffered-byte-stream": "sendEof ends the sending only" }),
    ],
    [
      6,
      "A buffered connectable gives a buffered stream of what the one below connects to.",
      by({ "streams/buffered-byte-stream": "a connectable gives a buffered stream" }),
    ],
    [
      7,
      "To receive 0 bytes, or fewer, is a ValueError, of either kind of stream.",
      by({ "streams/buffered-byte-receive-stream": "bad input throws at once" }),
    ],
    [
      8,
      "What is fed comes before what the stream below gives.",
      differs(
        null,
        "the same; but while a task receives, feeding is a BusyResourceError: it would not see what is fed",
        {
          "streams/buffered-byte-receive-stream": [
            "feed comes before what is still to come",
            "M4: a second task in it is told so",
          ],
        },
      ),
    ],
    [
      9,
      "What is fed in several calls is joined.",
      by({ "streams/buffered-byte-receive-stream": "feed comes before what is still to come" }),
    ],
  ],
};

export const anyioText: Section = {
  series: "anyio-3.4-text",
  title: "AnyIO: text streams",
  source: "AnyIO's tests/streams/test_text.py",
  items: [
    [
      1,
      "Half of a character is held back until it is whole.",
      by({ "streams/text-streams": "half a character is held back" }),
    ],
    [2, "Sending encodes.", by({ "streams/text-streams": "send encodes" })],
    [
      3,
      "By an option, bytes that are no such text are replaced.",
      by({ "streams/text-streams": "not fatal, what is no such text is replaced" }),
    ],
    [
      4,
      "By an option, characters that Latin-1 lacks are sent as question marks.",
      notPortable("the platform's encoder writes UTF-8 only, which lacks none"),
    ],
    [
      5,
      "One that goes both ways encodes and decodes, and adds no attributes of its own.",
      by({ "streams/text-streams": "both ways: sendEof ends the sending only" }),
    ],
    [
      6,
      "A text connectable gives a text stream of what the one below connects to.",
      by({ "streams/text-streams": "a connectable gives a text stream" }),
    ],
  ],
};
