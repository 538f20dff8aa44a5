import { CancelScope } from "@arborio/cancellation";
import { isCancelled, isError, type ErrorVocabulary } from "@arborio/core";
import type { NetBackend } from "@arborio/core/backend";
import type { TlsStream } from "@arborio/net";
import { equal, fails, ok, rejection } from "./assert.ts";
import { bytes, countReceived, receiveText, text, TOO_MUCH } from "./bytes.ts";
import { cancelWaiting, inCancelledScope } from "./cancelled.ts";
import type { Register } from "./suite.ts";
import { usePair, withTlsPair, type TlsPair } from "./tls-pair.ts";

type Operation = (stream: TlsStream) => Promise<unknown>;

const receive: Operation = (stream) => stream.receive();
const send: Operation = (stream) => stream.send(bytes("x"));
const sendEof: Operation = (stream) => stream.sendEof();
const sendTooMuch: Operation = (stream) => stream.send(new Uint8Array(TOO_MUCH));

const states: Record<string, (pair: TlsPair) => unknown> = {
  "closed here": ({ client }) => client.close(),
  "closed forcefully here": ({ client }) => client.closeForcefully(),
  "with its sending ended here": ({ client }) => client.sendEof(),
  "whose sending the peer ended": ({ server }) => server.sendEof(),
  "closed by the peer": ({ server }) => server.close(),
  "cut off below TLS": ({ relay }) => relay.cut(),
  "cut off in a record": async ({ server, relay }) => {
    relay.tear(10);
    await server.send(bytes("never whole"));
  },
  reset: ({ relay }) => relay.reset(),
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
  ["whose sending the peer ended", "receive", receive, "EndOfStream"],
  ["whose sending the peer ended", "send", send, undefined],
  ["closed by the peer", "receive", receive, "EndOfStream"],
  ["cut off below TLS", "receive", receive, "BrokenResourceError"],
  ["cut off in a record", "receive", receive, "BrokenResourceError"],
  ["left by a cancelled send", "send", send, "BrokenResourceError"],
  ["left by a cancelled send", "sendEof", sendEof, "BrokenResourceError"],
];

/** TLS connections through the public package. */
export function tlsStreamTests(register: Register, { lacks }: NetBackend): void {
  const test = (title: string, fn: (pair: TlsPair) => Promise<void>): void =>
    withTlsPair(register, title, fn);

  for (const [state, name, operation, error] of table) {
    test(`M4: TLS: ${name} on a connection ${state}: ${error ?? "no error"}, again and again`, async (open) => {
      await states[state]!(open);
      for (let i = 0; i < 2; i++) {
        if (error === undefined) await operation(open.client);
        else await fails(operation(open.client), error, name);
      }
    });
  }

  if (!lacks.has("reset")) {
    test("M4: TLS: a reset is BrokenResourceError for receive, with the system's error as its cause", async (open) => {
      await states["reset"]!(open);
      const { cause } = await fails(open.client.receive(), "BrokenResourceError", "receive");
      ok(isError(cause, "OSError") && cause.code === "ECONNRESET", `the cause, received ${String(cause)}`);
    });
  }

  for (const [name, operation] of Object.entries({ receive, send, sendEof })) {
    test(`C3: TLS: ${name} in a cancelled scope throws and does nothing`, async ({ client, server }) => {
      ok(isCancelled(await inCancelledScope(() => operation(client))), "a Cancelled");
      await client.send(bytes("only this"));
      await client.sendEof();
      equal(await receiveText(server, 9), "only this", "what arrived");
      await fails(server.receive(), "EndOfStream", "after that");
    });
  }

  for (const [name, operation] of Object.entries({ receive, "a blocked send": sendTooMuch })) {
    test(`M4: TLS: closing while ${name} waits wakes it with ClosedResourceError`, async ({ client }) => {
      const waiting = fails(operation(client), "ClosedResourceError", name);
      await client.close();
      await waiting;
    });

    test(`M4: TLS: a second task in the direction of ${name} is told so`, async ({ client }) => {
      const first = rejection(operation(client), "the first");
      await fails(operation(client), "BusyResourceError", "the second");
      client.closeForcefully();
      ok(isError(await first, "ClosedResourceError"), "the first, closed");
    });
  }

  test("TLS: bytes go both ways, in pieces of at most what was asked for", async ({ client, server }) => {
    const receiving = client.receive(2);
    await client.send(bytes("hello"));
    await server.send(bytes("world"));
    equal(text(await receiving), "wo", "the first two");
    equal([await receiveText(client, 3), await receiveText(server, 5)], ["rld", "hello"], "the rest");
  });

  test("TLS: receive and send of what is no number and no bytes is an error at once", async ({ client }) => {
    for (const use of [() => client.receive(0), () => client.send("x" as unknown as Uint8Array)]) {
      let thrown: unknown;
      try {
        void use();
      } catch (error) {
        thrown = error;
      }
      ok(thrown instanceof RangeError || thrown instanceof TypeError, `an error, received ${String(thrown)}`);
    }
  });

  test("TLS: after sendEof the other direction goes on", async ({ client, server }) => {
    await client.send(bytes("request"));
    await client.sendEof();
    equal(await receiveText(server, 7), "request", "the request");
    await fails(server.receive(), "EndOfStream", "its end");
    await server.send(bytes("reply"));
    await server.close();
    equal(await receiveText(client, 5), "reply", "the reply");
    await fails(client.receive(), "EndOfStream", "its end");
  });

  test("TLS: much arrives whole, and its sender waits for it to be received", async ({ client, server }) => {
    let sent = false;
    const sending = client.send(new Uint8Array(TOO_MUCH / 4)).then(() => (sent = true));
    let count = (await server.receive()).length;
    equal(sent, false, "whether all was sent");
    const rest = countReceived(server);
    await sending;
    await client.close();
    count += await rest;
    equal(count, TOO_MUCH / 4, "bytes");
  });

  test("M6: TLS: bytes that arrive for a cancelled receive go to the next", async ({ client, server }) => {
    await cancelWaiting(() => client.receive());
    await server.send(bytes("kept"));
    equal(await receiveText(client, 4), "kept", "what arrived");
  });

  test("M5: TLS: closing in a cancelled scope releases the connection at once", async ({
    client,
    server,
  }) => {
    const scope = new CancelScope();
    await scope.run(async () => {
      scope.cancel();
      await client[Symbol.asyncDispose]();
      ok(isCancelled(await rejection(client.close(), "close")), "close says so");
    });
    await fails(client.receive(), "ClosedResourceError", "receive");
    const end = await rejection(server.receive(), "the peer's receive");
    ok(isError(end, "EndOfStream") || isError(end, "BrokenResourceError"), `an end, received ${String(end)}`);
  });

  test("M5: TLS: closing ends though the peer receives nothing", async ({ client }) => {
    await cancelWaiting(() => sendTooMuch(client));
    await client.close();
    await fails(client.send(bytes("x")), "ClosedResourceError", "send");
  });

  const ragged = (client: boolean, server: boolean): void => {
    const options = {
      client: { standardCompatible: client },
      server: { standardCompatible: server },
    };
    const names = `client ${String(client)}, server ${String(server)}`;
    const test = register.run;
    test(`TLS: the end below TLS is a break, and an end without standardCompatible: ${names}`, () =>
      usePair(async ({ client: one, server: other, relay }) => {
        await relay.cut();
        await fails(one.receive(), client ? "BrokenResourceError" : "EndOfStream", "the client's receive");
        await fails(other.receive(), server ? "BrokenResourceError" : "EndOfStream", "the server's receive");
      }, options));
    test(`TLS: close says close_notify, where the host can leave it without standardCompatible not: ${names}`, () =>
      usePair(async ({ client: one, server: other }) => {
        await one.close();
        const end = await rejection(other.receive(), "the server's receive");
        ok(
          isError(end, "EndOfStream") || (!client && server && isError(end, "BrokenResourceError")),
          `an end, received ${String(end)}`,
        );
      }, options));
  };
  for (const client of [true, false]) for (const server of [true, false]) ragged(client, server);
}
