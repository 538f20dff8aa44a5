import { CancelScope } from "@arborio/cancellation";
import { checkpoint, isCancelled, isError, type ErrorVocabulary } from "@arborio/core";
import { connectTcp } from "@arborio/net";
import type { ByteStream } from "@arborio/streams";
import { equal, fails, ok, refuses } from "./assert.ts";
import { bytes, countReceived, receiveText, text, TOO_MUCH } from "./bytes.ts";
import { cancelWaiting, inCancelledScope } from "./cancelled.ts";
import type { Register } from "./suite.ts";
import { withTcpPair, type TcpPair } from "./tcp-pair.ts";

/** Both ends of a connection. */
export interface StreamPair {
  readonly client: ByteStream;
  readonly server: ByteStream;
}

/** Registers a test of a connection. */
export type WithPair = (title: string, fn: (pair: StreamPair) => Promise<void>) => void;

type Operation = (stream: ByteStream) => Promise<unknown>;

const receive: Operation = (stream) => stream.receive();
const send: Operation = (stream) => stream.send(bytes("x"));
const sendEof: Operation = (stream) => stream.sendEof();
const sendTooMuch: Operation = (stream) => stream.send(new Uint8Array(TOO_MUCH));

const states: Record<string, (pair: StreamPair) => Promise<unknown>> = {
  "closed here": ({ client }) => client.close(),
  "closed forcefully here": async ({ client }) => client.closeForcefully(),
  "with its sending ended here": ({ client }) => client.sendEof(),
  "ended by the peer": ({ server }) => server.sendEof(),
  "left by a cancelled send": ({ client }) => cancelWaiting(() => sendTooMuch(client)),
};

/** M4 and M7: what each operation throws in each state; undefined: nothing. */
const table: readonly (readonly [
  keyof typeof states,
  string,
  Operation,
  keyof ErrorVocabulary | undefined,
])[] = [
  ["closed here", "receive", receive, "ClosedResourceError"],
  ["closed here", "send", send, "ClosedResourceError"],
  ["closed here", "sendEof", sendEof, "ClosedResourceError"],
  ["closed forcefully here", "receive", receive, "ClosedResourceError"],
  ["closed forcefully here", "send", send, "ClosedResourceError"],
  ["with its sending ended here", "send", send, "ClosedResourceError"],
  ["with its sending ended here", "sendEof", sendEof, undefined],
  ["ended by the peer", "receive", receive, "EndOfStream"],
  ["ended by the peer", "send", send, undefined],
  ["left by a cancelled send", "send", send, "BrokenResourceError"],
  ["left by a cancelled send", "sendEof", sendEof, "BrokenResourceError"],
];

/** Connections through the public package, whatever they are over. */
export function connectionTests(pair: WithPair): void {
  for (const [state, name, operation, error] of table) {
    pair(`M4: ${name} on a connection ${state}: ${error ?? "no error"}, again and again`, async (open) => {
      await states[state]!(open);
      for (let i = 0; i < 2; i++) {
        if (error === undefined) await operation(open.client);
        else await fails(operation(open.client), error, name);
      }
    });
  }

  for (const [name, operation] of Object.entries({ receive, send, sendEof })) {
    pair(`C3: ${name} in a cancelled scope throws and does nothing`, async ({ client, server }) => {
      ok(isCancelled(await inCancelledScope(() => operation(client))), "a Cancelled");
      await client.send(bytes("only this"));
      await client.sendEof();
      equal(await receiveText(server, 9), "only this", "what arrived");
      await fails(server.receive(), "EndOfStream", "after that");
    });
  }

  for (const [name, operation] of Object.entries({ receive, "a blocked send": sendTooMuch })) {
    pair(`M4: closing while ${name} waits wakes it with ClosedResourceError`, async ({ client }) => {
      const waiting = fails(operation(client), "ClosedResourceError", name);
      await client.close();
      await waiting;
    });

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

  pair("M4: both directions at once are not busy", async ({ client, server }) => {
    const receiving = client.receive();
    await client.send(bytes("a"));
    await server.send(bytes("b"));
    equal([text(await receiving), text(await server.receive())], ["b", "a"], "what arrived");
  });

  pair(
    "M4: sending to a peer that has gone is BrokenResourceError with the system's as its cause",
    async ({ client, server }) => {
      server.closeForcefully();
      const flood = async (): Promise<void> => {
        for (;;) await client.send(new Uint8Array(65_536));
      };
      const { cause } = await fails(flood(), "BrokenResourceError", "send");
      ok(
        isError(cause, "OSError") && ["EPIPE", "ECONNRESET"].includes(cause.code),
        `its cause, received ${String(cause)}`,
      );
      await fails(client.send(bytes("x")), "BrokenResourceError", "once more");
    },
  );

  pair("M5: close in a cancelled scope throws, and the connection is closed", async ({ client, server }) => {
    ok(isCancelled(await inCancelledScope(() => client.close())), "a Cancelled");
    await fails(client.receive(), "ClosedResourceError", "receive");
    await fails(server.receive(), "EndOfStream", "the peer");
  });

  pair(
    "M5: disposal in a cancelled scope does not throw; the next checkpoint does",
    async ({ client, server }) => {
      const scope = new CancelScope();
      await scope.run(async () => {
        scope.cancel();
        await client[Symbol.asyncDispose]();
        await fails(checkpoint(), "Cancelled", "the checkpoint");
      });
      await fails(server.receive(), "EndOfStream", "the peer");
    },
  );

  pair("M5: closing is idempotent, in any order", async ({ client }) => {
    await client.close();
    client.closeForcefully();
    await client[Symbol.asyncDispose]();
    await client.close();
  });

  pair(
    "M6: a cancelled receive loses no bytes, also when the next asks for fewer",
    async ({ client, server }) => {
      await cancelWaiting(() => server.receive(100));
      await client.send(bytes("abcdef"));
      equal(
        [await receiveText(server, 2), await receiveText(server, 4)],
        ["ab", "cdef"],
        "the next receives",
      );
      await cancelWaiting(() => server.receive());
      await client.send(bytes("g"));
      await client.sendEof();
      const rest = [];
      for await (const chunk of server) rest.push(text(chunk));
      equal(rest, ["g"], "the rest");
    },
  );

  pair("M6: many cancelled receives lose no bytes", async ({ client, server }) => {
    let received = "";
    for (let i = 0; i < 10; i++) {
      const scope = new CancelScope();
      const waiting = scope.run(() => server.receive());
      scope.cancel();
      // What had come before the cancellation is given all the same (C5).
      received += text((await waiting) ?? null) ?? "";
      await client.send(bytes(String(i)));
    }
    received += await receiveText(server, 10 - received.length);
    equal(received, "0123456789", "all of them");
  });

  pair("M6: the end that came for a cancelled receive is told to the next", async ({ client, server }) => {
    await cancelWaiting(() => receive(server));
    await client.sendEof();
    await fails(server.receive(), "EndOfStream", "the next");
  });

  pair("a send waits until the peer reads", async ({ client, server }) => {
    const sending = client.send(new Uint8Array(TOO_MUCH)).then(() => client.sendEof());
    equal(await countReceived(server), TOO_MUCH, "bytes received");
    await sending;
  });
}

/** Connections by TCP. */
export function tcpStreamTests(register: Register): void {
  const pair = (title: string, fn: (pair: TcpPair) => Promise<void>): void =>
    withTcpPair(register, title, fn);

  connectionTests(pair);

  register.run("connectTcp: a refused connection is an OSError", async () => {
    const error = await refuses(connectTcp("127.0.0.1", 1), "ECONNREFUSED", "connectTcp");
    equal(error.address, "127.0.0.1:1", "the address");
  });

  pair("connectTcp: a cancelled attempt leaves no connection open", async ({ listener }) => {
    const scope = new CancelScope();
    const attempt = scope.run(() => connectTcp("127.0.0.1", listener.localAddress.port));
    scope.cancel();
    equal(await attempt, undefined, "the value");
    const client = await connectTcp("127.0.0.1", listener.localAddress.port);
    for (;;) {
      // The attempt may have reached the listener; then it is closed.
      const server = await listener.accept();
      const own = server.remoteAddress.port === client.localAddress.port;
      if (!own) ok(await ends(server), "the attempt's connection has ended");
      await server.close();
      if (own) break;
    }
    await client.close();
  });
}

async function drain(stream: ByteStream): Promise<void> {
  for (let count = 0; count < TOO_MUCH;) count += (await stream.receive()).length;
}

async function ends(stream: ByteStream): Promise<boolean> {
  const outcome = await stream.receive().catch((error: unknown) => error);
  return isError(outcome, "EndOfStream") || isError(outcome, "BrokenResourceError");
}
