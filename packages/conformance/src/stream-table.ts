import { isCancelled, isError, type ErrorVocabulary } from "@arborio/core";
import type { ByteStream } from "@arborio/streams";
import { equal, fails, ok } from "./assert.ts";
import { bytes, receiveText, TOO_MUCH } from "./bytes.ts";
import { cancelAtSuccess, cancelWaiting, inCancelledScope } from "./cancelled.ts";
import type { PairTest, StreamPair } from "./stream-pair.ts";

type Operation = (stream: ByteStream) => Promise<unknown>;

const receive: Operation = (stream) => stream.receive();
const send: Operation = (stream) => stream.send(bytes("x"));
const sendEof: Operation = (stream) => stream.sendEof();
const close: Operation = (stream) => stream.close();

/** A send that cannot end, as nobody receives. */
const sendTooMuch: Operation = (stream) => stream.send(new Uint8Array(TOO_MUCH));

/** The system tells by a later send that an earlier one found nobody. */
const sendOn: Operation = async (stream) => {
  for (;;) await stream.send(new Uint8Array(65_536));
};

const operations: Readonly<Record<string, Operation>> = {
  receive,
  send,
  "send, again and again": sendOn,
  sendEof,
  close,
};

type Outcome = "works" | keyof ErrorVocabulary;

interface Row {
  readonly state: string;
  /** Not for connections that cannot be reset. */
  readonly needsReset?: boolean;
  readonly reach: (pair: StreamPair) => Promise<unknown>;
  readonly outcomes: Readonly<Partial<Record<keyof typeof operations, Outcome>>>;
}

/** What each operation of the client does in each state, every time it is called. */
const table: readonly Row[] = [
  {
    state: "closed here",
    reach: ({ client }) => client.close(),
    outcomes: {
      receive: "ClosedResourceError",
      send: "ClosedResourceError",
      sendEof: "ClosedResourceError",
      close: "works",
    },
  },
  {
    state: "closed forcefully here",
    reach: async ({ client }) => client.closeForcefully(),
    outcomes: {
      receive: "ClosedResourceError",
      send: "ClosedResourceError",
      sendEof: "ClosedResourceError",
      close: "works",
    },
  },
  {
    state: "with its sending ended here",
    reach: ({ client }) => client.sendEof(),
    outcomes: { send: "ClosedResourceError", sendEof: "works", close: "works" },
  },
  {
    state: "left by a cancelled send",
    reach: ({ client }) => cancelWaiting(() => sendTooMuch(client)),
    outcomes: { send: "BrokenResourceError", sendEof: "BrokenResourceError", close: "works" },
  },
  {
    state: "ended by the peer",
    reach: ({ server }) => server.sendEof(),
    outcomes: { receive: "EndOfStream", send: "works", sendEof: "works", close: "works" },
  },
  {
    state: "closed by the peer",
    reach: ({ server }) => server.close(),
    outcomes: {
      receive: "EndOfStream",
      "send, again and again": "BrokenResourceError",
      sendEof: "works",
      close: "works",
    },
  },
  {
    state: "closed by the peer, then here",
    reach: ({ client, server }) => server.close().then(() => client.close()),
    outcomes: {
      receive: "ClosedResourceError",
      send: "ClosedResourceError",
      sendEof: "ClosedResourceError",
      close: "works",
    },
  },
  {
    state: "reset by the peer",
    needsReset: true,
    reach: async ({ server }) => server.closeForcefully(),
    outcomes: {
      receive: "BrokenResourceError",
      "send, again and again": "BrokenResourceError",
      close: "works",
    },
  },
];

/** Rules C3 to C5, M4 and M7: each operation of a byte stream in each state. */
export function streamTable(pair: PairTest): void {
  for (const { state, reach, outcomes, needsReset = false } of table) {
    for (const [name, outcome = "works"] of Object.entries(outcomes)) {
      pair(`M4: ${name} on a connection ${state}: ${outcome}, every time`, async (open) => {
        if (needsReset && !open.resets) return;
        await reach(open);
        for (let i = 0; i < 2; i++) await expectOutcome(operations[name]!(open.client), outcome, name);
      });
    }
  }
  cancelledTests(pair);
  closedMeanwhileTests(pair);
  busyTests(pair);
}

function cancelledTests(pair: PairTest): void {
  for (const [name, operation] of Object.entries({ receive, send, sendEof })) {
    pair(`C3: ${name} in a cancelled scope throws and does nothing`, async ({ client, server }) => {
      ok(isCancelled(await inCancelledScope(() => operation(client))), "a Cancelled");
      await client.send(bytes("only this"));
      await client.sendEof();
      equal(await receiveText(server, 9), "only this", "what arrived");
      await fails(server.receive(), "EndOfStream", "after that");
    });
  }

  pair("C4: receive cancelled while it waits throws; the stream goes on", async ({ client, server }) => {
    await cancelWaiting(() => receive(client));
    await server.send(bytes("a"));
    equal(await receiveText(client, 1), "a", "the next");
  });

  pair("C4: send cancelled while it waits throws; receiving goes on", async ({ client, server }) => {
    await cancelWaiting(() => sendTooMuch(client));
    await server.send(bytes("a"));
    equal(await receiveText(client, 1), "a", "what is received");
  });

  pair("C5: receive cancelled at the moment of its success gives the bytes", async ({ client, server }) => {
    await cancelWaiting(() => receive(client));
    await server.send(bytes("a"));
    // Two rounds later the bytes have come for the cancelled call: the next is given them at once.
    for (let i = 0; i < 2; i++) await client.send(bytes("b")).then(() => server.receive());
    const [value, cancelled] = await cancelAtSuccess(() => client.receive());
    equal(
      [value === undefined ? undefined : String(value), cancelled],
      ["97", true],
      "bytes, and cancelCalled",
    );
  });
}

function closedMeanwhileTests(pair: PairTest): void {
  for (const [how, end] of Object.entries({ close, closeForcefully })) {
    for (const [name, operation] of Object.entries({ receive, "a blocked send": sendTooMuch })) {
      pair(`M4: ${how} by another task while ${name} waits: ClosedResourceError`, async ({ client }) => {
        const waiting = fails(operation(client), "ClosedResourceError", name);
        await end(client);
        await waiting;
      });
    }
  }

  pair("M5: two tasks that close at the same time both return", async ({ client }) => {
    await Promise.all([client.close(), client.close()]);
  });
}

function busyTests(pair: PairTest): void {
  for (const [name, operation] of Object.entries({ receive, "a blocked send": sendTooMuch })) {
    pair(
      `M4: a second task in the direction of ${name} is told so, and the first goes on`,
      async ({ client, server }) => {
        const first = operation(client);
        await fails(operation(client), "BusyResourceError", "the second");
        await server.send(bytes("x"));
        await Promise.all([first, name === "receive" ? server.sendEof() : drain(server)]);
      },
    );
  }

  pair("M4: sendEof while another task sends is told so", async ({ client }) => {
    const first = fails(sendTooMuch(client), "ClosedResourceError", "the send");
    await fails(client.sendEof(), "BusyResourceError", "sendEof");
    await client.close();
    await first;
  });
}

async function closeForcefully(stream: ByteStream): Promise<void> {
  stream.closeForcefully();
}

async function expectOutcome(promise: Promise<unknown>, outcome: Outcome, what: string): Promise<void> {
  if (outcome === "works") return void (await promise);
  const error = await fails(promise, outcome, what);
  if (outcome === "BrokenResourceError" && error.cause !== undefined)
    ok(isError(error.cause, "OSError"), "the system's error as its cause");
}

async function drain(stream: ByteStream): Promise<void> {
  for (let count = 0; count < TOO_MUCH;) count += (await stream.receive()).length;
}
