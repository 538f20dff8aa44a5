import { nodeBackend } from "@arborio/backend-node";
import { suite } from "@arborio/conformance";
import { test } from "vitest";

// On Deno this is node:* as Deno imitates it. What that does otherwise is no fault of this backend; Deno has one of its own.
const otherwiseOnDeno: readonly RegExp[] = [
  /every interface by a socket for each family/, // ipv6Only is not heeded
  /an address of another machine is EADDRNOTAVAIL/, // it is EINVAL
  /a connected (one|UDP socket) receives from its peer alone/,
  /controls, where there are any, set what the system knows/, // a multicast ttl is EINVAL
  /broadcast is refused until it is set/,
  /without a protocol in common the handshake is/,
  /a client resumes a session/,
  /TLS: an answer arrives whole/, // its end of TLS is not sent behind so much
  /TLS: what came before a send failed .* early answer/, // it reads no more while it writes
  /TLS: M7: a send of 1048576 bytes is whole/, // its client loses what it has taken when it is closed
  /a certificate with a critical extension that is unknown/, // it does not serve one
  /refuses a strange one as ERR_TLS_CERTIFICATE/, // its client has no certificate of its own
  /a key that the host cannot read is the listener's failure/,
];

const skips = (title: string): boolean =>
  "Deno" in globalThis && otherwiseOnDeno.some((pattern) => pattern.test(title));

suite({ test: (title, fn) => test.skipIf(skips(title))(title, fn), backend: nodeBackend });
