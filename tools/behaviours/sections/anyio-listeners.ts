import { by, differs, notPortable, type Section } from "../behaviour.ts";

const create = "net/create-tcp-listener";
const where = "conformance/tcp-listeners";

export const anyioTcpListeners: Section = {
  series: "anyio-3.5-listener",
  title: "AnyIO: TCP listeners",
  source: "AnyIO's tests/test_sockets.py",
  items: [
    [
      1,
      "A listener knows its address, port and family; to ask for a peer's is a TypedAttributeLookupError.",
      by({
        [create]: "attributes tell where it listens",
        [where]: "a listener's attributes say where it listens",
      }),
    ],
    [
      2,
      "At each of its sockets, IPv4, IPv6 or both, it accepts connections that speak.",
      by({ "conformance/accept-states": "it gives a connection, which speaks both ways" }),
    ],
    [
      3,
      "To accept from a closed listener is a ClosedResourceError.",
      by({ "conformance/accept-states": "M4: of a listener closed here" }),
    ],
    [
      4,
      "Addresses can be used again at once (on Windows by one only); accepted sockets do not block, and have TCP_NODELAY.",
      notPortable("the hosts set the former themselves, and none tells a socket's options"),
    ],
    [
      5,
      "By an option two listeners share a port.",
      differs(null, "the same; where the host cannot, it says so before anything listens", {
        [where]: "createTcpListener: with reusePort",
        [create]: "a backend that has no %s says so",
        "backend-node/listener": "%s on %s: %j",
      }),
    ],
    [
      6,
      "Closing the listener from another task makes serve fail with ClosedResourceErrors.",
      differs(null, "closing the listener is the graceful way to stop: serve ends when the handlers have", {
        "conformance/listeners": "serve: closing the listener ends it",
        "net/serve-grace": "grace: handlers end in peace until it is over",
      }),
    ],
    [
      7,
      "A handler can send after the client has ended its sending.",
      by({ "conformance/serving": "a handler can answer after the client's half-close" }),
    ],
    [
      8,
      "Data that came with the end is received before it.",
      by({ "conformance/serving": "a handler can answer after the client's half-close" }),
    ],
    [
      9,
      "It listens at a link-local IPv6 address with its scope.",
      by({
        [create]: "a link-local address is passed on",
        "backend-alt/deno.listener": "link-local addresses have their scope",
      }),
    ],
    [
      10,
      "A listening socket made elsewhere, or its descriptor, can be adopted.",
      differs(null, "the host's listener: no host makes one of a descriptor that is listening already", {
        [create]: "an adopted listener is one",
        "backend-node/listener": "adoptListener: it accepts",
        "backend-alt/deno.listener": "adoptListener: a listener of Deno's is one",
      }),
    ],
    [
      11,
      "To adopt a socket that is not bound is a ValueError.",
      differs(null, "a TypeError, as for anything that is no listener", {
        [where]: "adoptTcpListener: what is no listener",
        "backend-node/listener": "adoptListener: one that does not listen",
      }),
    ],
    [
      12,
      "All its sockets have one port; how many there are follows from the host, the family and dual stack.",
      by({
        [create]: [
          "a name is listened at at each of its addresses",
          "every interface, %j, lacking %j: listens at %j",
          "a machine without IPv6",
        ],
        [where]: "createTcpListener: null is every interface",
      }),
    ],
    [
      13,
      "Without dual stack, every interface is two sockets on one port.",
      by({
        [create]: "every interface, %j, lacking %j: listens at %j",
        [where]: "createTcpListener: every interface by a socket for each family",
      }),
    ],
    [
      14,
      "If the port that the first was given is in use for the second, it tries again.",
      by({ [create]: "where the chosen port is in use at a later address" }),
    ],
    [15, "If that fails each time, it is an OSError that says so.", by({ [create]: "attempts are bounded" })],
  ],
};

export const anyioMultiListeners: Section = {
  series: "anyio-3.5-multi",
  title: "AnyIO: several listeners as one",
  source: "AnyIO's tests/test_sockets.py",
  items: [
    [
      1,
      "Listeners of several kinds are served by one handler, whose connections know their peers.",
      by({
        [where]: "createMultiListener: several are served by one handler",
        "net/multi-listener": "serve serves all, and ends when all are closed",
      }),
    ],
  ],
};
