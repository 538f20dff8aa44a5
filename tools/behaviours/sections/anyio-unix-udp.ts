import { by, differs, notPortable, type Section } from "../behaviour.ts";

const DESCRIPTORS = "no host passes file descriptors through a socket: see OMISSIONS.md";
const DATAGRAMS = "no host has UNIX datagram sockets, Deno excepted (unstable): see OMISSIONS.md";
const ADOPTED =
  "only Node makes a socket of a descriptor, and no UDP one; what Node made is a stream by `fromNodeDuplex`";

const traits = (title: string): Readonly<Record<string, string>> => ({ "conformance/stream-traits": title });
const table = (title: string): Readonly<Record<string, string>> => ({ "conformance/stream-table": title });

export const anyioUnixStreams: Section = {
  series: "anyio-3.5-unix",
  title: "AnyIO: UNIX streams",
  source: "AnyIO's tests/test_sockets.py, TestUNIXStream; by paths and by abstract names",
  items: [
    [
      1,
      "Attributes tell the family, both names and the raw socket, and have no ports.",
      by({ "conformance/unix-streams": "attributes: the family, names, the host's socket, and no ports" }),
    ],
    [
      2,
      "What is sent comes back, by a path that is a string.",
      by({ "conformance/unix-listeners": "createUnixListener: it accepts, and serves" }),
    ],
    [
      3,
      "The same by a Path.",
      differs(null, "paths of sockets are strings: `path.toString()`", {
        "conformance/unix-listeners": "a path in any script is one",
      }),
    ],
    [
      4,
      "To receive 0 bytes or fewer is a ValueError.",
      by({ "net/tcp-stream": "arguments are checked first" }),
    ],
    [
      5,
      "A mebibyte arrives in each direction, at the same time.",
      by(traits("a mebibyte arrives as it was sent, both ways at once")),
    ],
    [6, "Received descriptors are open files.", notPortable(DESCRIPTORS)],
    [7, "Bad arguments of receiving descriptors are ValueErrors.", notPortable(DESCRIPTORS)],
    [8, "Sent descriptors are open files at the other end.", notPortable(DESCRIPTORS)],
    [9, "Sending no descriptors, or no message with them, is a ValueError.", notPortable(DESCRIPTORS)],
    [10, "After the end is sent the other direction goes on.", by(traits("a half-close ends one direction"))],
    [
      11,
      "A stream is an iterable of chunks, until the end.",
      by(traits("a loop over it gives chunks, and ends when the peer closes")),
    ],
    [
      12,
      "Sending while another task sends is a BusyResourceError.",
      by(table("M4: a second task in the direction of ${name} is told so")),
    ],
    [
      13,
      "Receiving while another task receives is a BusyResourceError.",
      by(table("M4: a second task in the direction of ${name} is told so")),
    ],
    [
      14,
      "Closing while a task receives ends that with ClosedResourceError.",
      by(table("M4: ${how} by another task while ${name} waits: ClosedResourceError")),
    ],
    [
      15,
      "Closing while a task sends ends that with ClosedResourceError.",
      by(table("M4: ${how} by another task while ${name} waits: ClosedResourceError")),
    ],
    [
      16,
      "Closing right after a receive was cancelled is clean.",
      by({ "conformance/unix-streams": "M5: closing right after a receive was cancelled is clean" }),
    ],
    [
      17,
      "Receiving after closing is a ClosedResourceError.",
      by(table("M4: ${name} on a connection ${state}: ${outcome}")),
    ],
    [
      18,
      "Sending after closing is a ClosedResourceError.",
      by(table("M4: ${name} on a connection ${state}: ${outcome}")),
    ],
    [
      19,
      "Connecting to a path or name that is not there is the system's error.",
      by({
        "conformance/unix-streams": [
          "connectUnix: where nobody listens",
          "UNIX: connectUnix: a path that is not there",
        ],
      }),
    ],
    [
      20,
      "A path may be given as bytes.",
      notPortable("the hosts take paths of sockets as strings, which they write as UTF-8"),
    ],
    [
      21,
      "A path need not be valid text.",
      notPortable("the hosts take paths of sockets as strings, which they write as UTF-8"),
    ],
    [22, "A stream is made of a raw socket that is connected.", notPortable(ADOPTED)],
    [23, "One of another type is a ValueError.", notPortable(ADOPTED)],
    [24, "One of another family is a ValueError.", notPortable(ADOPTED)],
    [25, "One that is not connected is a ValueError.", notPortable(ADOPTED)],
  ],
};

export const anyioUnixListeners: Section = {
  series: "anyio-3.5-unix-listener",
  title: "AnyIO: UNIX listeners",
  source: "AnyIO's tests/test_sockets.py, TestUNIXListener",
  items: [
    [
      1,
      "Attributes tell the family, the name and the raw socket, and have no port.",
      by({ "conformance/unix-listeners": "attributes of a listener" }),
    ],
    [
      2,
      "Accepting gives connections.",
      by({ "conformance/unix-listeners": "a connection that comes for a cancelled accept" }),
    ],
    [
      3,
      "The mode and the backlog are set.",
      differs(null, "the mode is set before anyone can connect, not after; Deno sets the backlog itself", {
        "conformance/unix-listeners": [
          "mode: the socket has those permissions",
          "createUnixListener: it accepts, and serves",
        ],
      }),
    ],
    [
      4,
      "After the client's end the server still sends.",
      by({ "conformance/unix-listeners": "createUnixListener: it accepts, and serves" }),
    ],
    [
      5,
      "Listening again at a path takes it from the listener before.",
      differs(
        null,
        "only if nobody listens there any more: the path of a listener that lives is EADDRINUSE; closing removes the path",
        {
          "net/unix": ["a socket on which nobody listens is removed", "a listener that lives keeps its path"],
          "conformance/unix-listeners": [
            "the name of a listener that lives is EADDRINUSE",
            "closing removes the path",
          ],
        },
      ),
    ],
    [
      6,
      "A path may be given as bytes.",
      notPortable("the hosts take paths of sockets as strings, which they write as UTF-8"),
    ],
    [7, "A path need not be ASCII.", by({ "conformance/unix-listeners": "a path in any script" })],
    [8, "A listener is made of a raw socket.", notPortable(ADOPTED)],
  ],
};

const udp = (title: string): Readonly<Record<string, string>> => ({ "conformance/udp-sockets": title });

export const anyioUdp: Section = {
  series: "anyio-3.5-udp",
  title: "AnyIO: UDP sockets",
  source: "AnyIO's tests/test_sockets.py, TestUDPSocket",
  items: [
    [1, "When closing has returned the port is free.", by(udp("after ${kind} is closed its port is free"))],
    [2, "Attributes tell the near end, and have no far end.", by(udp("attributes of a UDP socket"))],
    [
      3,
      "Datagrams are sent and received with addresses.",
      by(udp("a datagram comes with the address it came from")),
    ],
    [4, "A socket is an iterable of datagrams.", by(udp("a UDP socket is an iterable"))],
    [
      5,
      "By an option several sockets share a port.",
      differs(null, "the same, where the host can: Node from 22.12 on; else it is an UnsupportedError", {
        "backend-node/udp": "UDP: reusePort shares a port",
      }),
    ],
    [
      6,
      "Receiving while another task receives is a BusyResourceError.",
      by(udp("M4: a second task that receives from ${kind}")),
    ],
    [
      7,
      "Closing while a task receives ends that with ClosedResourceError.",
      by(udp("M4: closing ${kind} while receive waits")),
    ],
    [8, "Receiving after closing is a ClosedResourceError.", by(udp("M4: ${name} on ${kind} ${state}"))],
    [9, "Sending after closing is a ClosedResourceError.", by(udp("M4: ${name} on ${kind} ${state}"))],
    [
      10,
      "A socket that is bound to nothing has a port.",
      by(udp("UDP: a socket for which nothing is said has a port")),
    ],
    [11, "A socket is made of a raw one.", notPortable(ADOPTED)],
    [12, "One of another type or family is a ValueError.", notPortable(ADOPTED)],
  ],
};

export const anyioConnectedUdp: Section = {
  series: "anyio-3.5-connected-udp",
  title: "AnyIO: connected UDP sockets",
  source: "AnyIO's tests/test_sockets.py, TestConnectedUDPSocket",
  items: [
    [1, "When closing has returned the port is free.", by(udp("after ${kind} is closed its port is free"))],
    [2, "Attributes tell both ends.", by(udp("attributes of a connected UDP socket"))],
    [
      3,
      "Datagrams are sent to and received from the peer, as bytes.",
      by(udp("a connected UDP socket receives from its peer alone")),
    ],
    [4, "A socket is an iterable of bytes.", by(udp("a connected UDP socket is an iterable"))],
    [
      5,
      "By an option several sockets share a port.",
      differs(null, "the same, where the host can: Node from 22.12 on; else it is an UnsupportedError", {
        "backend-node/udp": "UDP: reusePort shares a port",
      }),
    ],
    [
      6,
      "Receiving while another task receives is a BusyResourceError.",
      by(udp("M4: a second task that receives from ${kind}")),
    ],
    [
      7,
      "Closing while a task receives ends that with ClosedResourceError.",
      by(udp("M4: closing ${kind} while receive waits")),
    ],
    [8, "Receiving after closing is a ClosedResourceError.", by(udp("M4: ${name} on ${kind} ${state}"))],
    [9, "Sending after closing is a ClosedResourceError.", by(udp("M4: ${name} on ${kind} ${state}"))],
    [10, "A socket is made of a raw one.", notPortable(ADOPTED)],
    [11, "One of another type or family is a ValueError.", notPortable(ADOPTED)],
    [12, "One that is not connected is a ValueError.", notPortable(ADOPTED)],
  ],
};

export const anyioUnixDatagrams: Section = {
  series: "anyio-3.5-unix-datagram",
  title: "AnyIO: UNIX datagram sockets",
  source: "AnyIO's tests/test_sockets.py, TestUNIXDatagramSocket",
  items: [
    "Attributes tell the near end, and have no far end.",
    "Datagrams are sent and received with paths.",
    "A socket is an iterable of datagrams.",
    "Receiving while another task receives is a BusyResourceError.",
    "Closing while a task receives ends that with ClosedResourceError.",
    "Receiving after closing is a ClosedResourceError.",
    "Sending after closing is a ClosedResourceError.",
    "A path may be given as bytes.",
    "A path need not be ASCII.",
    "A socket is made of a raw one.",
    "One of another type or family is a ValueError.",
  ].map((text, at) => [at + 1, text, notPortable(DATAGRAMS)]),
};

export const anyioConnectedUnixDatagrams: Section = {
  series: "anyio-3.5-connected-unix-datagram",
  title: "AnyIO: connected UNIX datagram sockets",
  source: "AnyIO's tests/test_sockets.py, TestConnectedUNIXDatagramSocket",
  items: [
    "Attributes tell both ends.",
    "Datagrams are sent to and received from the peer.",
    "A socket is an iterable of bytes.",
    "Receiving while another task receives is a BusyResourceError.",
    "Closing while a task receives ends that with ClosedResourceError.",
    "Receiving after closing is a ClosedResourceError.",
    "Sending after closing is a ClosedResourceError.",
    "A socket is made of a raw one.",
    "One of another type or family is a ValueError.",
    "One that is not connected is a ValueError.",
  ].map((text, at) => [at + 1, text, notPortable(DATAGRAMS)]),
};
