import type { Backend, NetBackend } from "@arborio/core/backend";
import { deadlineAtEveryLook, simulation } from "@arborio/testing";
import { ok } from "./assert.ts";
import { fileLooks } from "./deadline-looks-files.ts";
import { listeningLooks } from "./deadline-looks-listening.ts";
import { streamLooks } from "./deadline-looks-streams.ts";
import { tlsLooks } from "./deadline-looks-tls.ts";
import { udpLooks } from "./deadline-looks-udp.ts";
import { meetingPlaces } from "./meeting-places.ts";
import type { Register } from "./suite.ts";
import type { LookTest } from "./under-deadline.ts";

// More than the buffers of a connection hold, so that the send of it waits. Over TLS each waits.
const LONG = 12 << 20;
const LONG_OF_TLS = 1 << 20;

/** C11: for each operation that waits, a deadline that passes between any two looks at the clock. */
export function deadlineLookTests(register: Register, { net, fs }: Backend): void {
  const test = lookTest(register);
  if (net !== undefined) netLooks(test, net);
  if (fs !== undefined) fileLooks(test);
}

function netLooks(test: LookTest, net: NetBackend): void {
  for (const [kind, open] of Object.entries(meetingPlaces(net))) {
    const named: LookTest = (title, program) => test(`${kind}: ${title}`, program);
    streamLooks(named, open, kind === "TLS" ? LONG_OF_TLS : LONG);
    listeningLooks(named, open, kind === "TLS");
  }
  if (net.udp !== undefined) udpLooks(test);
  if (net.tls !== undefined) tlsLooks(test, net.tls);
}

/** On the real clock, and on a virtual one over the real network. */
function lookTest({ raw }: Register): LookTest {
  const clocks = {
    "its clock": (backend: Backend) => backend,
    "a virtual clock": (backend: Backend) => simulation({ backend }),
  };
  return (title, program) => {
    for (const [clock, on] of Object.entries(clocks))
      raw(`a deadline that passes at any look at ${clock}: ${title}`, async (backend) => {
        const looks = await deadlineAtEveryLook(program, { backend: () => on(backend) });
        ok(looks > 0, "it looks at the clock");
      });
  };
}
