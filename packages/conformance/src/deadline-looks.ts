import { shield } from "@arborio/cancellation";
import { isError, type ErrorVocabulary } from "@arborio/core";
import type { Backend, NetBackend } from "@arborio/core/backend";
import { textOf } from "@arborio/core/lowlevel";
import type { ByteStream } from "@arborio/streams";
import { deadlineAtEveryLook, simulation } from "@arborio/testing";
import { equal, fails, ok, rejection } from "./assert.ts";
import { bytes, receiveText, text } from "./bytes.ts";
import { listeningLooks } from "./deadline-looks-listening.ts";
import { tlsLooks } from "./deadline-looks-tls.ts";
import { udpLooks } from "./deadline-looks-udp.ts";
import { meetingPlaces, type OpenPlace } from "./meeting-places.ts";
import type { Register } from "./suite.ts";

/** Registers a program that is run with its deadline passing at every look at the clock. */
export type LookTest = (title: string, program: () => Promise<void>) => void;

/** C11: for each operation that waits, a deadline that passes between any two looks at the clock. */
export function deadlineLookTests(register: Register, net: NetBackend): void {
  const test = lookTest(register);
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

/** Does `act` under the deadline, and then, whatever became of it, `check`. */
export async function underDeadline(
  act: () => Promise<unknown>,
  check: (done: boolean) => Promise<void>,
): Promise<void> {
  let done = false;
  try {
    await act();
    done = true;
  } finally {
    await shield(() => check(done));
  }
}

/** What a promise rejects with; undefined if it resolves. */
export async function failure(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Uses a connection that is there before the deadline is; closes all after it. */
async function withConnection(
  open: OpenPlace,
  use: (client: ByteStream, server: ByteStream) => Promise<void>,
): Promise<void> {
  const place = await shield(open);
  const ends = await shield(() => Promise.all([place.connect(), place.listener.accept()]));
  try {
    await use(...ends);
  } finally {
    for (const end of ends) end.closeForcefully();
    await shield(() => place.close());
  }
}

// More than the buffers of a connection hold, so that the send of it waits. Over TLS each waits.
const LONG = 12 << 20;
const LONG_OF_TLS = 1 << 20;
const LATER = "later";

function streamLooks(test: LookTest, open: OpenPlace, long: number): void {
  for (const length of [5, long])
    test(`M7: a send of ${String(length)} bytes is whole, or nothing, or ends the sending`, () =>
      withConnection(open, async (client, server) => {
        const receiving = shield(() => countMessage(server));
        await underDeadline(
          () => client.send(new Uint8Array(length)),
          (done) => checkSent(client, receiving, done ? length : 0),
        );
      }));

  test("a send that was left and fails later is no unhandled rejection", () =>
    withConnection(open, async (client, server) => {
      await underDeadline(
        async () => {
          const sending = client.send(new Uint8Array(long)).catch(atEnd);
          server.closeForcefully();
          await sending;
        },
        () => client.close(),
      );
    }));

  test("M6: a receive of what has come loses nothing", () =>
    withConnection(open, async (client, server) => {
      await shield(() => server.send(bytes("abcdef")));
      await checkReceived(client, () => client.receive(3));
    }));

  test("M6: a receive of what comes loses nothing", () =>
    withConnection(open, async (client, server) => {
      await checkReceived(client, async () => {
        const sending = shield(() => server.send(bytes("abcdef")));
        return client.receive(3).finally(() => sending);
      });
    }));

  test("sendEof ends the sending, or nothing has happened; receiving goes on", () =>
    withConnection(open, async (client, server) => {
      await underDeadline(
        () => client.sendEof(),
        async (done) => {
          await checkSending(client, server, done);
          await server.send(bytes("x"));
          equal(await receiveText(client, 1), "x", "what is received");
        },
      );
    }));

  for (const how of ["close", "disposal"] as const)
    test(`M5: ${how} closes`, () =>
      withConnection(open, async (client, server) => {
        await underDeadline(
          () => (how === "close" ? client.close() : client[Symbol.asyncDispose]()),
          async () => {
            await fails(client.send(bytes(LATER)), "ClosedResourceError", "a later send");
            const end = await rejection(server.receive(), "the peer's receive");
            ok(isError(end, "EndOfStream") || isError(end, "BrokenResourceError"), String(end));
          },
        );
      }));
}

/** M7: either all of `sent` came, and what is sent later comes after it; or part of a message, and nothing is sent later. */
async function checkSent(client: ByteStream, receiving: Promise<Received>, sent: number): Promise<void> {
  const refused = await failure(client.send(bytes(LATER)));
  await client.close();
  const received = await receiving;
  if (refused === undefined) return equal(received, { message: sent, later: LATER.length }, "what came");
  checkRefused(refused, "BrokenResourceError");
  equal([sent, received.later], [0, 0], "of a send that returned, and of the later one");
}

/** How many bytes came of the message, which are zeros, and after them of the later one. */
interface Received {
  message: number;
  later: number;
}

/** Counts what comes, to the end, however that comes. */
async function countMessage(stream: ByteStream): Promise<Received> {
  const count: Received = { message: 0, later: 0 };
  for (;;) {
    const chunk = await stream.receive().catch(atEnd);
    if (chunk === undefined) return count;
    const other = chunk.findIndex((byte) => byte !== 0);
    const zeros = other < 0 ? chunk.length : other;
    ok(zeros === 0 || count.later === 0, "no byte of a message after those of a later one");
    ok(other < 0 || chunk.lastIndexOf(0) < other, "no byte of a message among those of a later one");
    count.message += zeros;
    count.later += chunk.length - zeros;
  }
}

/** M6: what a receive of 3 bytes gave, and what is received later, are the 6 that were sent. */
async function checkReceived(client: ByteStream, receive: () => Promise<Uint8Array>): Promise<void> {
  let received = "";
  await underDeadline(
    async () => (received = text(await receive())!),
    async () => equal(received + (await receiveText(client, 6 - received.length)), "abcdef", "what came"),
  );
}

async function checkSending(client: ByteStream, server: ByteStream, ended: boolean): Promise<void> {
  const refused = await failure(client.send(bytes(LATER)));
  if (refused === undefined) {
    equal(ended, false, "ended, and sends");
    return equal(await receiveText(server, LATER.length), LATER, "what came");
  }
  checkRefused(refused, ended ? "ClosedResourceError" : "BrokenResourceError");
  if (ended) await fails(server.receive(), "EndOfStream", "at the peer");
}

function checkRefused(error: unknown, name: keyof ErrorVocabulary): void {
  ok(isError(error, name), `a later send: expected ${name}, received ${textOf(error)}`);
}

function atEnd(error: unknown): undefined {
  if (!isError(error, "EndOfStream") && !isError(error, "BrokenResourceError")) throw error;
}
