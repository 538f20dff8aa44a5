import { abortable, failAfter } from "@arborio/cancellation";
import { run } from "@arborio/core";
import type { Backend } from "@arborio/core/backend";
import { acceptStateTests } from "./accept-states.ts";
import { absenceTests } from "./absence.ts";
import { ambientTests } from "./ambient.ts";
import { clockTests } from "./clock.ts";
import { deadlineLookTests } from "./deadline-looks.ts";
import { containmentTests } from "./containment.ts";
import { closingListenerTests } from "./closing-listeners.ts";
import { filesTests } from "./files.ts";
import { hostTests } from "./host.ts";
import { hostilePeerTests } from "./hostile-peers.ts";
import { lingeringTests } from "./lingering.ts";
import { listenerTests } from "./listeners.ts";
import { mixedListenerTests } from "./mixed-listeners.ts";
import { pathTests } from "./paths.ts";
import { rawFsTests } from "./raw-fs.ts";
import { rawConnectingTests } from "./raw-connecting.ts";
import { rawNetTests } from "./raw-net.ts";
import { rawUdpTests } from "./raw-udp.ts";
import { rawUnixTests } from "./raw-unix.ts";
import { schedulerTests } from "./scheduler.ts";
import { servingTests } from "./serving.ts";
import { signalsTests } from "./signals.ts";
import { tcpConnectingTests } from "./tcp-connecting.ts";
import { tcpListenerTests } from "./tcp-listeners.ts";
import { tcpStreamTests } from "./tcp-streams.ts";
import { tlsTests } from "./tls-tests.ts";
import { treeTests } from "./trees.ts";
import { udpSocketTests } from "./udp-sockets.ts";
import { unixListenerTests } from "./unix-listeners.ts";
import { unixStreamTests } from "./unix-streams.ts";

/** What the suite is run with. */
export interface SuiteOptions {
  /** The runner's: registers a test. */
  readonly test: (name: string, fn: () => Promise<void>) => unknown;
  /** Gives the backend; the same each time, if that is how it is made. */
  readonly backend: () => Backend;
}

/** What a part of the suite registers its tests with. */
export interface Register {
  /** Of the contract itself, outside any run. */
  readonly raw: (name: string, fn: (backend: Backend) => void | Promise<void>) => void;
  /** In a run on the backend. */
  readonly run: (name: string, fn: () => Promise<void>) => void;
}

const netTests = [
  rawNetTests,
  rawConnectingTests,
  tcpConnectingTests,
  tcpStreamTests,
  listenerTests,
  acceptStateTests,
  servingTests,
  tcpListenerTests,
] as const;

/** Ms that a test may take: far more than any needs. */
const LIMIT = 4_000;

/**
 * Registers a test for all that the contract asks of a backend. What a backend leaves out is read from it, and that using
 * it says so is tested instead. Connects on the loopback interface only; leaves no file behind.
 */
export function suite({ test, backend }: SuiteOptions): void {
  const { name, clock, scheduler, host, net, fs, signals } = backend();
  const register: Register = {
    raw: (title, fn) => void test(`${name}: ${title}`, () => bounded(async () => fn(backend()))),
    run: (title, fn) => void test(`${name}: ${title}`, () => bounded(() => run(fn, { backend: backend() }))),
  };
  // First: it sets the alarm, which from the first deadline on is core's.
  if (clock !== undefined) clockTests(register);
  if (scheduler !== undefined) schedulerTests(register);
  treeTests(register);
  ambientTests(register);
  if (host !== undefined) hostTests(register);
  if (signals !== undefined) signalsTests(register);
  if (net !== undefined) for (const tests of netTests) tests(register);
  if (net?.unix !== undefined)
    for (const tests of [rawUnixTests, unixStreamTests, unixListenerTests]) tests(register);
  if (net?.udp !== undefined) for (const tests of [rawUdpTests, udpSocketTests]) tests(register);
  if (net !== undefined) tlsTests(register, net);
  if (net !== undefined) mixedListenerTests(register, net);
  if (net !== undefined) lingeringTests(register, net);
  if (net !== undefined && fs !== undefined) containmentTests(register, net);
  if (net !== undefined) closingListenerTests(register, net);
  if (net !== undefined) hostilePeerTests(register, !net.lacks.has("reset"));
  if (fs !== undefined) for (const tests of [rawFsTests, filesTests, pathTests]) tests(register);
  deadlineLookTests(register, { name, net, fs });
  absenceTests(register, backend());
}

/** Outside the backend under test: its own clock may be what is broken. */
function bounded(fn: () => Promise<void>): Promise<void> {
  return failAfter(LIMIT, () => abortable(fn()));
}
