import { by, differs, notPortable, type Section } from "../behaviour.ts";

export const anyioTcp: Section = {
  series: "anyio-3.5-tcp",
  title: "AnyIO: TCP streams",
  source: "AnyIO's tests/test_sockets.py",
  items: [
    [
      1,
      "A connection has as attributes its family, both addresses, both ports, and the raw socket.",
      by({
        "conformance/tcp-streams": "both ends know their addresses, also by attributes",
        "net/tcp-stream": "its attributes are those of the socket",
      }),
    ],
    [
      2,
      "What is sent comes back from an echo.",
      by({ "conformance/stream-traits": "what is sent arrives, both ways" }),
    ],
    [
      3,
      "To receive at most 0 bytes, or fewer, is a ValueError.",
      by({ "net/tcp-stream": "arguments are checked first, synchronously" }),
    ],
    [
      4,
      "A mebibyte arrives whole, and as bytes.",
      by({ "conformance/stream-traits": "a mebibyte arrives as it was sent" }),
    ],
    [
      5,
      "After the end of one's sending one still receives.",
      by({ "conformance/stream-traits": "a half-close ends one direction" }),
    ],
    [
      6,
      "A loop over the stream ends when the peer closes.",
      by({ "conformance/stream-traits": "a loop over it gives chunks, and ends when the peer closes" }),
    ],
    [
      7,
      "TCP_NODELAY is set.",
      differs(
        null,
        "no host tells whether it is; that it can be set, and that the contract has it on, is all there is",
        {
          "conformance/tcp-streams": "options of the socket are set while it is open",
        },
      ),
    ],
    [
      8,
      "Of a name with both families, IPv6 is taken if both answer.",
      differs(null, "the family of the resolver's first address is, as RFC 8305 has it", {
        "net/happy-eyeballs": "families take turns, beginning with that of the resolver's first",
      }),
    ],
    [
      9,
      "Of a name with both families, that is taken which somebody listens on.",
      by({
        "conformance/tcp-connecting": "connectTcp: of a name with both families it takes that which listens",
      }),
    ],
    [
      10,
      "A local port that is given is the one connected from.",
      by({
        "net/local-address": "localPort: alone it is of any address of this machine",
        "conformance/raw-connecting": "sockets: a connection from an address and a port of one's own",
      }),
    ],
    [
      11,
      "The cause of a failure to connect is in no cycle of references.",
      notPortable("cycles are collected as all else is"),
    ],
    [
      12,
      "A single address that refuses is an OSError that all attempts failed, with the refusal as its cause.",
      differs(null, "the refusal itself is thrown", {
        "net/happy-eyeballs": "the failure of a single attempt is thrown as it is",
        "conformance/tcp-connecting": "a port where nobody listens is an OSError ECONNREFUSED that names it",
      }),
    ],
    [
      13,
      "Several addresses that refuse are an OSError that all attempts failed, with a group of the refusals as its cause.",
      by({
        "net/happy-eyeballs": "if all fail, one OSError says so",
        "conformance/tcp-connecting": "connectTcp: if all addresses of a name fail",
      }),
    ],
    [
      14,
      "A receive for which nothing comes obeys a timeout.",
      by({ "conformance/stream-traits": "a receive that nothing comes for obeys a timeout" }),
    ],
    [
      15,
      "A second send at the same time is a BusyResourceError.",
      by({ "conformance/stream-table": "M4: a second task in the direction of ${name} is told so" }),
    ],
    [
      16,
      "A second receive at the same time is a BusyResourceError.",
      by({ "conformance/stream-table": "M4: a second task in the direction of ${name} is told so" }),
    ],
    [
      17,
      "Closing the stream while a task receives gives that task a ClosedResourceError.",
      by({
        "conformance/stream-table": "M4: ${how} by another task while ${name} waits: ClosedResourceError",
      }),
    ],
    [
      18,
      "Receiving from a stream closed here is a ClosedResourceError.",
      by({ "conformance/stream-table": "M4: ${name} on a connection ${state}: ${outcome}" }),
    ],
    [
      19,
      "Sending to a stream closed here is a ClosedResourceError.",
      by({ "conformance/stream-table": "M4: ${name} on a connection ${state}: ${outcome}" }),
    ],
    [
      20,
      "Receiving from a stream that the peer closed is EndOfStream; once closed here too, ClosedResourceError.",
      by({ "conformance/stream-table": "M4: ${name} on a connection ${state}: ${outcome}" }),
    ],
    [
      21,
      "Sending to a stream that the peer closed is in the end a BrokenResourceError; once closed here too, ClosedResourceError.",
      by({ "conformance/stream-table": "M4: ${name} on a connection ${state}: ${outcome}" }),
    ],
    [
      22,
      "Receiving from a connection that was reset is a BrokenResourceError with a cause.",
      by({
        "conformance/stream-table": "M4: ${name} on a connection ${state}: ${outcome}",
        "conformance/stream-traits": "M4: what breaks it is the cause, with the system's code",
      }),
    ],
    [
      23,
      "Sending to a connection that was reset is a BrokenResourceError with a cause.",
      by({ "conformance/stream-table": "M4: ${name} on a connection ${state}: ${outcome}" }),
    ],
    [
      24,
      "A server that dies leaves no noise of futures that nobody asked.",
      by({
        "net/happy-eyeballs": "a floating attempt that is cancelled is no unhandled rejection",
        "net/names": "a floating lookup that is cancelled is no unhandled rejection",
      }),
    ],
    [
      25,
      "A stream is made of a socket object, or of a descriptor.",
      differs(null, "of a socket object of the host; no host makes a socket of a descriptor everywhere", {
        "conformance/tcp-streams": "adoptTcpSocket: a host's own socket becomes a stream",
        "backend-node/adopted-sockets": "adoptSocket: bytes that Node had read, and those to come",
      }),
    ],
    [
      26,
      "What is no socket is a TypeError.",
      by({ "conformance/tcp-streams": "adoptTcpSocket: what is no connected socket is a TypeError" }),
    ],
    [
      27,
      "The descriptor of a file, or a datagram socket, is a ValueError.",
      differs(null, "whatever is no connected TCP socket is a TypeError", {
        "conformance/raw-connecting": "what is no connected socket cannot be adopted",
      }),
    ],
    [
      28,
      "A socket that is not connected is a ValueError.",
      differs(null, "a TypeError, as for all else that is no connected TCP socket", {
        "backend-node/adopted-sockets": "adoptSocket: not one that is not connected",
      }),
    ],
  ],
};

const CONNECTABLE = "asConnectable: a connectable is itself; a host and a port are a TcpConnectable, a path";

export const anyioConnectables: Section = {
  series: "anyio-3.5-connectables",
  title: "AnyIO: connectables",
  source: "AnyIO's tests/test_sockets.py",
  items: [
    [
      1,
      "A TCP connectable connects as connect_tcp does, with what it was made with.",
      by({
        "net/tcp-connectable": [
          "TcpConnectable: it connects as connectTcp does, with its options",
          "TcpConnectable: an OSError becomes the cause of a ConnectionFailed",
        ],
      }),
    ],
    [
      2,
      "A UNIX connectable connects as connect_unix does, with its path.",
      by({
        "net/unix": "UnixConnectable: it connects as connectUnix does, to its path",
        "conformance/unix-streams": "UnixConnectable: it connects, and an OSError is a ConnectionFailed",
      }),
    ],
    [3, "as_connectable gives a connectable back as it is.", by({ "net/tcp-connectable": CONNECTABLE })],
    [
      4,
      "as_connectable makes a TCP connectable of a host, or an address object, and a port.",
      differs(null, "an address is a string here", { "net/tcp-connectable": CONNECTABLE }),
    ],
    [
      5,
      "as_connectable makes a UNIX connectable of a path: a str, bytes or a Path.",
      differs(null, "paths of sockets are strings: `path.toString()`", {
        "net/tcp-connectable": CONNECTABLE,
      }),
    ],
    [
      6,
      "as_connectable of anything else is a TypeError.",
      by({ "net/tcp-connectable": "asConnectable: anything else is a TypeError" }),
    ],
    [
      7,
      "as_connectable with TLS makes a TLS connectable, of a context that is given or the default one; of a TCP endpoint the name is by default the host.",
      differs(null, "a connectable that is given is wrapped too, and what has no host needs a name at once", {
        "net/tcp-connectable": [
          "asConnectable: with tls it speaks TLS by these options; the server's name is the host",
          "asConnectable: where there is no host, tls without a serverName is a TypeError at once",
        ],
      }),
    ],
  ],
};

export const anyioResolver: Section = {
  series: "anyio-3.5-resolver",
  title: "AnyIO: names and readiness",
  source: "AnyIO's tests/test_sockets.py",
  items: [
    [
      1,
      "A name is looked up by IDNA 2008: faß.de is not fass.de.",
      by({
        "net/names": "getAddressInfo: the backend is asked for the name in ASCII",
        "net/host-name": "UTS 46, non-transitional: %s",
      }),
    ],
    [
      2,
      "An IPv6 address is its own.",
      by({
        "net/names": "getAddressInfo: a numeric address is its own, with its scope",
        "conformance/tcp-connecting": "getAddressInfo: a numeric address is its own",
      }),
    ],
    [
      3,
      "Malformed addresses, which Python gives where IPv6 is off, are left out.",
      notPortable("no host gives such; a resolver of the program's own that does is told so"),
    ],
    [
      4,
      "getnameinfo gives what the standard library gives.",
      by({
        "conformance/tcp-connecting": "getNameInfo: the names of an address, or itself",
        "conformance/raw-connecting": "names: those of an address",
      }),
    ],
    [
      5,
      "A name that cannot be resolved is an error that has no other as its context.",
      by({
        "net/names": "getAddressInfo: what the system says is thrown as it is, with no other context",
        "conformance/tcp-connecting": "getAddressInfo: a name that there is not is an OSError of getaddrinfo",
      }),
    ],
    [
      6,
      "wait_readable and wait_writable take a socket or a descriptor.",
      notPortable("no host tells whether a descriptor is ready"),
    ],
    [7, "Their former names warn.", notPortable("there are none")],
    [
      8,
      "notify_closing wakes who waits for a descriptor with ClosedResourceError.",
      notPortable("no host tells whether a descriptor is ready; closing a stream wakes who waits on it"),
    ],
  ],
};
