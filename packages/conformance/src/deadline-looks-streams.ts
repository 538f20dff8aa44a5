import { shield } from "@arborio/cancellation";
import { isError, type ErrorVocabulary } from "@arborio/core";
import { textOf } from "@arborio/core/lowlevel";
import type { ByteStream } from "@arborio/streams";
import { equal, fails, ok, rejection } from "./assert.ts";
import { bytes, receiveText, text } from "./bytes.ts";
import type { OpenPlace } from "./meeting-places.ts";
import { failure, underDeadline, type LookTest } from "./under-deadline.ts";

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

const LATER = "later";

/** Sending, receiving and closing. `long` bytes are more than the connection takes at once. */
export function streamLooks(test: LookTest, open: OpenPlace, long: number): void {
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
