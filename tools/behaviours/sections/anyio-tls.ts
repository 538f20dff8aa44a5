import { by, differs, notPortable, type Section } from "../behaviour.ts";

const streams = "conformance/tls-streams";
const handshakes = "conformance/tls-handshakes";
const features = "conformance/tls-features";
const listeners = "conformance/tls-listeners";
const wrap = "conformance/tls-wrap";
const unit = "net/tls";

export const anyioTls: Section = {
  series: "anyio-3.4-tls",
  title: "AnyIO: TLS streams",
  source: "AnyIO's tests/streams/test_tls.py",
  items: [
    [
      1,
      "Bytes go both ways between TLS and a server that is not the library's.",
      by({ [streams]: "TLS: bytes go both ways", [handshakes]: "TLS: a server is found by the name it has" }),
    ],
    [
      2,
      "A host's name that is not ASCII is matched by IDNA 2008.",
      by({
        [handshakes]: "TLS: names are put in ASCII by UTS 46: faß.de is not fass.de",
        [unit]: "a host's name goes to TLS in ASCII, by UTS 46",
      }),
    ],
    [3, "A bad maxBytes is an error.", by({ [streams]: "TLS: receive and send of what is no number" })],
    [
      4,
      "All that TLS knows is there by attribute, and what the transport knows, through the wrapper.",
      by({ [handshakes]: "TLS: attributes", [unit]: "what TLS knows, and what is below it knows" }),
    ],
    [
      5,
      "unwrap gives the plain stream, and the bytes left over.",
      by({
        [wrap]: "TLS: unwrap over ${kind} gives the stream below back",
      }),
    ],
    [
      6,
      "By ALPN the protocol in common is picked.",
      by({ [handshakes]: ["TLS: attributes", "TLS: without a protocol in common"] }),
    ],
    [
      7,
      "An end without close_notify is a BrokenResourceError for a standard-compatible side, and only there.",
      by({
        [streams]: [
          "TLS: the end below TLS is a break, and an end without standardCompatible",
          "TLS: close says close_notify",
        ],
      }),
    ],
    [
      8,
      "A client that is not standard-compatible finds EndOfStream at an abrupt end.",
      by({ [streams]: "TLS: the end below TLS is a break, and an end without standardCompatible" }),
    ],
    [
      9,
      "After an orderly close it is EndOfStream.",
      by({ [streams]: "M4: TLS: ${name} on a connection ${state}" }),
    ],
    [
      10,
      "send_eof is not implemented; the error says by which version it could be.",
      differs(null, "A half-close is a close_notify, which both hosts can send, and receiving goes on.", {
        [streams]: "TLS: after sendEof the other direction goes on",
      }),
    ],
    [
      11,
      "The default context tells an unexpected end of file.",
      by({ [streams]: "M4: TLS: ${name} on a connection ${state}" }),
    ],
    [
      12,
      "An error of another package's SSL context surfaces as a failed verification.",
      notPortable("There are no contexts of others: options are certificates and names."),
    ],
    [
      13,
      "A listener's failed handshake goes to the hook, once, with its error; the server goes on.",
      differs(null, "The hook is given by option and gets the OSError of the handshake; nothing is logged.", {
        [listeners]: [
          "TLS: a listener that serves tells of a failed handshake",
          "TLS: a client that is silent holds up nobody",
          "TLS: a client that leaves during its handshake is told of",
        ],
      }),
    ],
    [
      14,
      "A server knows its client's certificate and the shared ciphers.",
      differs(null, "No host tells shared ciphers: the attribute is undefined.", {
        [features]: "TLS: a client shows its certificate where it is asked for one",
        [unit]: "what TLS knows, and what is below it knows",
      }),
    ],
    [
      15,
      "A TLS connectable works over streams in memory.",
      by({
        [handshakes]: "TLS: a connectable over another connects and speaks TLS",
        [wrap]: "TLS: STARTTLS over ${kind}",
      }),
    ],
  ],
};

export const anyioTcpTls: Section = {
  series: "anyio-3.5-tls",
  title: "AnyIO: TCP with TLS",
  source: "AnyIO's tests/test_sockets.py, where they speak TLS",
  items: [
    [
      1,
      "Connecting by TCP with TLS works.",
      by({ [handshakes]: "TLS: a server is found by the name it has" }),
    ],
    [
      2,
      "A certificate that fails is the host's SSL error; the server is left clean.",
      differs(null, "It is an OSError ERR_TLS_CERTIFICATE, the host's error its cause.", {
        [handshakes]: "TLS: ${title} is an OSError ERR_TLS_CERTIFICATE",
        [listeners]: "TLS: a client that refuses the certificate leaves the server as it was",
      }),
    ],
    [
      3,
      "A host's name that is not ASCII is passed on to TLS as it is.",
      differs(null, "It is passed on in ASCII, as both hosts want it.", {
        [unit]: "a host's name goes to TLS in ASCII, by UTS 46",
      }),
    ],
  ],
};

export const trioTls: Section = {
  series: "trio-1.7-tls",
  title: "trio: TLS",
  source: "trio's list of SSL functions and their tests",
  items: [
    [
      1,
      "serve_ssl_over_tcp serves TLS over TCP.",
      by({ [listeners]: "TLS: a listener that serves tells of a failed handshake" }),
    ],
    [
      2,
      "An SSLStream that is https_compatible finds an end where close_notify is missing, and sends none.",
      by({ [streams]: "TLS: the end below TLS is a break, and an end without standardCompatible" }),
    ],
    [
      3,
      "do_handshake can be called; else the first use does it, and what is known before is NeedHandshakeError.",
      differs(
        null,
        "A TLS stream is given when its handshake is done, so there is nothing to ask too early.",
        {
          [handshakes]: "TLS: the stream that was wrapped is unusable",
        },
      ),
    ],
    [
      4,
      "unwrap ends TLS, and gives the transport and what was read beyond.",
      by({
        [wrap]: [
          "TLS: unwrap over ${kind} gives the stream below back",
          "TLS: a peer that sends more before its close_notify",
          "TLS: a peer that ends without close_notify",
        ],
      }),
    ],
    [
      5,
      "TLS goes over any stream, and over TLS.",
      by({ [wrap]: ["TLS: over TLS", "TLS: STARTTLS over ${kind}"] }),
    ],
    [
      6,
      "An SSLListener gives SSLStreams, their handshakes still to do.",
      differs(
        null,
        "Its streams are ready; a handshake that fails goes to the hook, and the next is given.",
        {
          [listeners]: "TLS: accept gives the next connection whose handshake succeeds",
        },
      ),
    ],
    [
      7,
      "A send that is cancelled leaves the stream unusable.",
      by({ [streams]: "M4: TLS: ${name} on a connection ${state}" }),
    ],
    [8, "DTLS channels, for clients and servers.", notPortable("No host has DTLS.")],
  ],
};
