import { by, differs, type Section } from "../behaviour.ts";

export const trioTcp: Section = {
  series: "trio-1.7-tcp",
  title: "trio: TCP streams",
  source: "trio's tests of open_tcp_stream, SocketStream and custom resolvers",
  items: [
    [
      1,
      "Addresses are tried one after another, the next beside those before once they have had 250 ms.",
      by({
        "net/happy-eyeballs": [
          "the next attempt begins after 250 ms beside those before",
          "within 250 ms the first address is the only one tried",
        ],
      }),
    ],
    [
      2,
      "Another delay may be asked for.",
      by({ "net/happy-eyeballs": "happyEyeballsDelay: another delay; Infinity waits for a failure" }),
    ],
    [
      3,
      "An attempt that fails starts the next at once.",
      by({ "net/happy-eyeballs": "a failure starts the next attempt at once" }),
    ],
    [
      4,
      "The second address tried is of another family than the first, if there is one.",
      differs(null, "all of them take turns (RFC 8305), where trio moves one to the front (RFC 6555)", {
        "net/happy-eyeballs": "families take turns, beginning with that of the resolver's first",
      }),
    ],
    [
      5,
      "The first connection wins, also one begun before others; the other attempts are ended, and closed.",
      by({
        "net/happy-eyeballs": [
          "an earlier attempt that connects after a later one began is still it",
          "one that connects in the same turn as the first is closed",
          "one that connects though it was told to end is closed",
        ],
      }),
    ],
    [
      6,
      "If all fail, the error names each attempt and why it failed.",
      by({ "net/happy-eyeballs": "if all fail, one OSError says so, with the error of each" }),
    ],
    [
      7,
      "Cancelled, it leaves no socket open.",
      by({
        "net/happy-eyeballs": [
          "C4: cancelled, all attempts end and nothing more is begun",
          "cancelled at any point, no connection is left open: %s",
        ],
        "conformance/tcp-connecting": "C4: a cancelled attempt leaves no connection open",
      }),
    ],
    [
      8,
      "A name without addresses is an error, and nothing is tried.",
      by({
        "net/names": "getAddressInfo: none of the family, or none at all",
        "net/happy-eyeballs": "what a resolver fails with is thrown as it is, and nothing is tried",
      }),
    ],
    [
      9,
      "A port that is none, or a host that is no name, is a ValueError before anything is looked up.",
      by({
        "net/connect-tcp": "arguments are checked first, synchronously",
        "net/host-name": "what is neither a name nor an address is a TypeError: %j",
      }),
    ],
    [
      10,
      "Of a local address that is given, attempts of its family alone are made.",
      by({ "net/local-address": "localHost: a numeric one leaves only the attempts of its family" }),
    ],
    [
      11,
      "If no address is of the local address's family, that is an OSError.",
      by({ "net/local-address": "localHost: without a family in common it is EADDRNOTAVAIL" }),
    ],
    [
      12,
      "A resolver of the program's own is asked in place of the system, in this run alone; setting one gives the one before.",
      by({ "net/names": "setResolver: the run's resolver is asked in place of the system" }),
    ],
    [
      13,
      "It is not asked for numeric addresses.",
      by({
        "net/names": "getAddressInfo: a numeric address is its own, with its scope, and nobody is asked",
      }),
    ],
    [
      14,
      "A stream of a socket: what is sent arrives, half-close ends one direction, both directions go on at once.",
      by({
        "conformance/stream-traits": [
          "what is sent arrives, both ways",
          "a half-close ends one direction",
          "M4: both directions at once are not busy",
        ],
      }),
    ],
    [
      15,
      "Closing closes also when it is cancelled, and twice is as once.",
      by({
        "conformance/stream-traits": [
          "M5: close in a cancelled scope throws, and the connection is closed",
          "M5: closing is idempotent, in any order",
        ],
      }),
    ],
    [
      16,
      "A send waits while the peer does not receive.",
      by({ "conformance/stream-traits": "a send waits until the peer reads" }),
    ],
    [
      17,
      "A socket that is not connected, or is no stream, makes no stream.",
      by({ "conformance/tcp-streams": "adoptTcpSocket: what is no connected socket is a TypeError" }),
    ],
    [
      18,
      "Options of a socket can be set and read, TCP_NODELAY being on.",
      differs(null, "TCP_NODELAY and SO_KEEPALIVE can be set; no host gives more, or reads them", {
        "conformance/tcp-streams": "options of the socket are set while it is open",
      }),
    ],
  ],
};

export const trioEyeballs: Section = {
  series: "trio-5.9-connect",
  title: "trio: Happy Eyeballs",
  source: "trio's _tests/test_highlevel_open_tcp_stream.py, over a fake network with a clock that jumps",
  items: [
    [
      125,
      "The next attempt begins after a delay, or at once after a failure, with the other family; the rivals of the winner are cancelled; of two that win at once one is closed; if all fail one error lists all.",
      by({
        "net/happy-eyeballs": [
          "the next attempt begins after 250 ms beside those before; the first connection ends the others",
          "a failure starts the next attempt at once",
          "families take turns, beginning with that of the resolver's first",
          "one that connects in the same turn as the first is closed",
          "if all fail, one OSError says so",
        ],
      }),
    ],
  ],
};
