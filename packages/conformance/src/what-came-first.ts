import { isError, sleep } from "@arborio/core";
import { capability } from "@arborio/core/lowlevel";
import { connectTcp, createTlsListener } from "@arborio/net";
import type { ByteStream } from "@arborio/streams";
import { equal, fails, ok, rejection } from "./assert.ts";
import { bytes, receiveText, text, TOO_MUCH } from "./bytes.ts";
import { cancelWaiting } from "./cancelled.ts";
import { certificates } from "./certificates.ts";
import type { PairTest, StreamPair } from "./stream-pair.ts";
import type { Register } from "./suite.ts";

/** The server says something and leaves, and a send of the client fails. Each returns what the client has not received yet. */
const stories: Readonly<Record<string, (pair: StreamPair) => Promise<string>>> = {
  "a part of it was received before": async ({ client, server }) => {
    await server.send(bytes("hello world"));
    equal(await receiveText(client, 5), "hello", "the part");
    await server.close();
    await sendUntilItFails(client);
    return " world";
  },
  "none of it was received before": async ({ client, server }) => {
    for (const part of ["hello", " world"]) await server.send(bytes(part));
    await server.close();
    await sendUntilItFails(client);
    return "hello world";
  },
  "it came for a receive that was cancelled": async ({ client, server }) => {
    await cancelWaiting(() => client.receive());
    await server.send(bytes("hello world"));
    await server.close();
    await sendUntilItFails(client);
    return "hello world";
  },
  "it is an early answer, and the send waits": async ({ client, server }) => {
    const sending = fails(client.send(new Uint8Array(TOO_MUCH)), "BrokenResourceError", "the send");
    await server.receive();
    // No more than the system has room for at the client: a reset discards what has not arrived.
    const answer = "too large".repeat(6_000);
    await server.send(bytes(answer));
    // Closed with bytes unread: the system resets the connection.
    await server.close();
    await sending;
    return answer;
  },
};

/** M6: what came is received, whatever has failed since; what comes then is never an end that nobody said. */
export function whatCameFirstTests(pair: PairTest): void {
  for (const [name, tell] of Object.entries(stories)) {
    pair(`M6: what came before a send failed can still be received: ${name}`, async (open) => {
      const left = await tell(open);
      equal(await receiveText(open.client, left.length), left, "what was left");
      for (let i = 0; i < 2; i++) await fails(open.client.receive(), "BrokenResourceError", "after it");
      await fails(open.client.send(bytes("x")), "BrokenResourceError", "a later send");
    });
  }
  pair("M6: what came before a reset is received, in pieces", (open) => receivePieces(open));

  pair("M4: an end that was received stays one, though a send fails later", async ({ client, server }) => {
    await server.close();
    await fails(client.receive(), "EndOfStream", "the end");
    await sendUntilItFails(client);
    await fails(client.receive(), "EndOfStream", "the end, again");
  });

  pair("M4: a reset that comes together with the last bytes is no end", async ({ client, server }) => {
    await client.send(bytes("unread"));
    await server.send(bytes("half"));
    // Closed with bytes unread: the system resets the connection, also where the host cannot ask for that.
    server.closeForcefully();
    await sleep(1);
    equal(await receiveText(client, 4), "half", "what came");
    for (let i = 0; i < 2; i++) {
      const end = await rejection(client.receive(), "after it");
      ok(isError(end, "BrokenResourceError") || endsFirst(end), `a break, received ${String(end)}`);
    }
  });
}

/** A host that cannot reset ends a connection before the system resets it: that end is true. */
function endsFirst(end: unknown): boolean {
  return isError(end, "EndOfStream") && capability("net", "reset").lacks.has("reset");
}

/** The same by TLS, where the end may have been said: a close_notify is no cut. */
export function tlsWhatCameFirstTests({ run }: Register): void {
  for (const [name, tell] of Object.entries(stories)) {
    run(`M6: TLS: what came before a send failed can still be received: ${name}`, () =>
      withTls(async (open) => {
        const left = await tell(open);
        equal(await receiveText(open.client, left.length), left, "what was left");
        for (let i = 0; i < 2; i++) {
          const end = await rejection(open.client.receive(), "after it");
          ok(
            isError(end, "EndOfStream") || isError(end, "BrokenResourceError"),
            `an end, received ${String(end)}`,
          );
        }
        await fails(open.client.send(bytes("x")), "BrokenResourceError", "a later send");
      }),
    );
  }
  run("M6: TLS: what came before a reset is received, in pieces", () => withTls(receivePieces));
}

/** The pieces are smaller than what was sent at once, so that some of it waits on this side when the reset is learned of. */
async function receivePieces({ client, server }: StreamPair): Promise<void> {
  for (const part of ["hello", " world", ", and", " goodbye"]) await server.send(bytes(part));
  server.closeForcefully();
  let received = "";
  const receiving = async (): Promise<void> => {
    for (let size = 1; ; size++) {
      received += text(await client.receive(size));
      await yieldToHost();
    }
  };
  await rejection(receiving(), "the end");
  equal(received, "hello world, and goodbye", "what was received");
}

/** Lets the host tell what has happened meanwhile. */
function yieldToHost(): Promise<void> {
  return sleep(1);
}

/** Both ends of a TLS connection with nothing in between, so that the system tells each what the other does. */
async function withTls(fn: (pair: StreamPair) => Promise<void>): Promise<void> {
  const { authority, server: own } = await certificates();
  const listener = await createTlsListener(own);
  const tls = { ca: authority, serverName: "localhost" };
  const [client, server] = await Promise.all([
    connectTcp("127.0.0.1", listener.listener.localAddress.port, { tls }),
    listener.accept(),
  ]);
  try {
    await fn({ client, server, resets: false });
  } finally {
    for (const open of [client, server, listener]) open.closeForcefully();
  }
}

async function sendUntilItFails(stream: ByteStream): Promise<void> {
  const sending = async (): Promise<void> => {
    for (;;) await stream.send(new Uint8Array(65_536));
  };
  await fails(sending(), "BrokenResourceError", "the sends");
}
