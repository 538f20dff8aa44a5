import { by, differs, type Section } from "../behaviour.ts";

export const trioServers: Section = {
  series: "trio-1.7-servers",
  title: "trio: servers",
  source: "trio's _highlevel_serve_listeners.py and _highlevel_open_tcp_listeners.py, and their tests",
  items: [
    [
      1,
      "Serving never returns: it ends by cancellation, or by an error.",
      differs(null, "closing the listener ends it too, in peace", {
        "conformance/listeners": "serve: closing the listener ends it",
        "conformance/serving": "it can be cancelled, and then serves again",
      }),
    ],
    [
      2,
      "Out of descriptors or memory it pauses 100 ms, and goes on.",
      by({
        "net/serve-errors": ["serve: after ${code} it pauses 100 ms", "serve: the pause can be cancelled"],
        "net/serve": "serve: a process out of descriptors waits",
      }),
    ],
    [
      3,
      "Another error of accept ends it.",
      by({ "net/serve": "serve: another refusal of the system ends it" }),
    ],
    [
      4,
      "Handlers may run in a nursery of the caller's.",
      by({ "conformance/listeners": "serve: with a group, handlers are its tasks" }),
    ],
    [
      5,
      "A handler that fails ends it, and the other handlers.",
      by({ "conformance/listeners": "serve: a handler's failure ends it" }),
    ],
    [
      6,
      "It tells who started it when it listens, and where.",
      differs(null, "creating the listener is what is waited for; it knows its address before it serves", {
        "conformance/listeners": "createTcpListener: by default it listens on the loopback",
      }),
    ],
    [
      7,
      "Without a host it listens at every interface, by all families.",
      differs(null, "by default on the loopback; every interface is to be asked for", {
        "conformance/listeners": "createTcpListener: by default it listens on the loopback",
        "conformance/tcp-listeners": "createTcpListener: null is every interface",
      }),
    ],
    [
      8,
      "A name is listened at at all its addresses; families that the system lacks are left out unless there is no other.",
      by({
        "net/create-tcp-listener": [
          "a name is listened at at each of its addresses",
          "a machine without IPv6",
          "an address that is not this machine's is told",
        ],
      }),
    ],
    [
      9,
      "If one of them fails otherwise, those that listen are closed.",
      by({ "net/create-tcp-listener": "a port of one's own that is in use is told at once" }),
    ],
    [
      10,
      "How many connections may wait can be said; what is no such number is an error.",
      by({ "net/create-tcp-listener": "options are checked first" }),
    ],
  ],
};

export const trioServing: Section = {
  series: "trio-5.9-serve",
  title: "trio: serving",
  source: "trio's _tests/test_highlevel_serve_listeners.py",
  items: [
    [
      124,
      "Each connection is closed forcefully after its handler; exhaustion is retried each 100 ms; other errors crash the server.",
      differs(null, "it is closed, so that what was sent still arrives; the rest holds", {
        "conformance/listeners": "serve: it runs a task for each connection",
        "net/serve-every-point": "C4: serve with a limit, errors and grace",
        "net/serve-errors": "serve: after ${code} it pauses 100 ms",
        "net/serve": "serve: another refusal of the system ends it",
      }),
    ],
  ],
};
