import type { NetBackend } from "@arborio/core/backend";
import { tlsWhatCameFirstTests } from "./what-came-first.ts";
import type { Register } from "./suite.ts";
import { tlsFeatureTests } from "./tls-features.ts";
import { tlsHandshakeTests } from "./tls-handshakes.ts";
import { tlsListenerTests } from "./tls-listeners.ts";
import { tlsStreamTests } from "./tls-streams.ts";
import { tlsAbsenceTests, tlsWrapTests } from "./tls-wrap.ts";

/** All of TLS. */
export function tlsTests(register: Register, net: NetBackend): void {
  if (net.tls === undefined) return;
  tlsStreamTests(register, net);
  tlsWhatCameFirstTests(register);
  tlsHandshakeTests(register, net.tls);
  tlsFeatureTests(register, net.tls);
  tlsListenerTests(register, net.tls);
  if (net.tls.wrap !== undefined) tlsWrapTests(register);
  tlsAbsenceTests(register, net.tls);
}
